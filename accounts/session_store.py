"""Sessions in Django's own table, with two differences: they expire at their limits, and are followed when renamed."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.base_session import AbstractBaseSession

from accounts.operations.sign_ins import rename_session
from accounts.sessions import HELD


class SessionStore(DatabaseSessionStore):
    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        if HELD in data:
            row.expire_date = datetime.fromtimestamp(data[HELD]["until"], UTC)
        return row

    def cycle_key(self) -> None:
        before = self.session_key
        super().cycle_key()
        if before and HELD in self:
            rename_session(before=before, after=str(self.session_key))
