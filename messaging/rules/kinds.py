"""Which function writes the words of which kind of message.

An app registers its kinds in `AppConfig.ready`; messaging never learns what they are about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from messaging.models import OutboxMessage


class Attachment(TypedDict):
    name: str
    content_type: str
    text: str


@dataclass(frozen=True)
class Composed:
    subject: str
    text: str
    html: str = ""
    attachments: Sequence[Attachment] = ()
    reply_to: str = ""
    """Where an answer to this message goes; empty: to the service's address."""


@dataclass(frozen=True)
class Withdrawn:
    """Not to be sent after all: no longer true (cancelled), or too late to be of use (missed)."""

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
    """`forget_body`: the words hold a secret (a one-time link) and are blanked once delivered.

    `confidential`: that such a message exists says something about its recipient; the office of administrators does
    not list it, and whoever sent it follows its delivery.
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
