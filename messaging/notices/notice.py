from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from messaging.models import Channel, Purpose

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A message that an app wants sent: recipient, channel, and the ids to compose it from later.

    Notices with the same `dedupe_key` are sent once.
    """

    kind: str
    channel: Channel | str
    recipient: User | None
    dedupe_key: str
    context: Mapping[str, object] = field(default_factory=dict)
    regarding: str = ""
    not_before: datetime | None = None
    expires_at: datetime | None = None
    purpose: Purpose | str = Purpose.SERVICE
    to_address: str = ""
