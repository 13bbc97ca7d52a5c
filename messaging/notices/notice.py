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
    """What an app asks to be sent: whom, on which channel, and the ids to compose it from later.

    The same `dedupe_key` is sent once, however often it is asked for.
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
