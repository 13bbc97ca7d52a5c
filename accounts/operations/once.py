"""Sent twice is once: a form or a request with a key that was answered before gets the same answer."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.models import IdempotencyKey, User
from foundation.db.inserts import insert_rows
from foundation.outcomes.refusals import Refused


@dataclass(frozen=True, slots=True)
class Once:
    """The key of one form or request of one person; nothing happens without a key.

    `said` is what was sent: names, ids and texts. Only its digest is saved.
    """

    by: User | None
    key: str
    said: tuple[Any, ...]

    def earlier(self) -> str:
        """The public id of what this key made before, or an empty string.

        Call it first in the transaction: the same form sent twice at once waits here until the first is answered.
        Refused (`idempotency_key_reused`) if the key came with something else.
        """
        if not (self.key and self.by):
            return ""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"once {self.by.pk} {self.key}"])
        found = IdempotencyKey.objects.filter(user=self.by, key=self.key)
        row = found.values_list("fingerprint", "answer_id").first()
        if row and row[0] != self.fingerprint:
            raise Refused(
                "idempotency_key_reused",
                "You have already sent this, with something else in it.",
                "Send it again to send both.",
                status=422,
            )
        return str(row[1]) if row else ""

    def remember(self, answer_id: str) -> None:
        if self.key and self.by:
            asked = {"user": self.by, "key": self.key, "fingerprint": self.fingerprint, "answer_id": answer_id}
            insert_rows([IdempotencyKey(**asked)])

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(repr(self.said).encode(errors="replace")).hexdigest()
