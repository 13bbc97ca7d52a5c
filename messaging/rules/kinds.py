"""Maps each kind of message to the function that composes it.

Apps register their kinds in `AppConfig.ready`, so messaging does not know what they are about.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from messaging.models import OutboxMessage


class Attachment(TypedDict):
    """`content_type` names no charset: the email is written in UTF-8 and says so itself.

    `alternative`: the same message for a program to act on, such as an invitation, instead of a file beside it.
    """

    name: str
    content_type: str
    text: str
    alternative: NotRequired[bool]


@dataclass(frozen=True)
class Composed:
    subject: str
    text: str
    html: str = ""
    attachments: Sequence[Attachment] = ()
    reply_to: str = ""
    """Where replies to this message go; if empty, to the service's address."""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    """Message-IDs of the emails that this one belongs with (RFC 5322, 3.6.4)."""
    is_typed: bool = False
    """Somebody wrote it to this person. Otherwise it is marked as sent by a program (RFC 3834)."""


@dataclass(frozen=True)
class Withdrawn:
    """The message will not be sent: no longer true (cancelled), or too late to be useful (missed)."""

    reason: str
    missed: bool = False


Compose = Callable[[OutboxMessage], Composed | Withdrawn]


@dataclass(frozen=True)
class OutboxKind:
    name: str
    compose: Compose
    forget_body: bool = False
    confidential: bool = False


_kinds: dict[str, OutboxKind] = {}


class UnknownKind(LookupError):
    pass


def register_kind(name: str, compose: Compose, *, forget_body: bool = False, confidential: bool = False) -> None:
    """Registers a kind of message. `forget_body`: the text holds a secret (a one-time link) and is blanked once
    delivered.

    `confidential`: the mere existence of such a message says something about its recipient. Administrators do not see
    it in their list; whoever sent it follows its delivery.
    """
    _kinds[name] = OutboxKind(name, compose, forget_body, confidential)


def confidential_kinds() -> list[str]:
    return [kind.name for kind in _kinds.values() if kind.confidential]


def kinds() -> list[str]:
    return sorted(_kinds)


def kind_named(name: str) -> OutboxKind:
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(f"No app has registered the message kind {name!r}.") from None
