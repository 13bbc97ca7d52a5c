"""A provider is one class. What it raises says whether the same message may be tried again.

The words of a failure are kept with the message and shown to administrators: no addresses, no bodies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, runtime_checkable

from messaging.models import OutboxMessage
from messaging.rules.kinds import Composed


class ProviderFailure(Exception):
    pass


class TemporaryFailure(ProviderFailure):
    """It was not accepted, and may be later."""


class PermanentFailure(ProviderFailure):
    """It was refused and always will be."""


class UncertainOutcome(ProviderFailure):
    """It was handed over and nobody knows whether it was accepted."""


@dataclass(frozen=True)
class Sent:
    provider_id: str


@dataclass(frozen=True)
class LookUpResult:
    provider_id: str
    failed: str = ""


class Provider(Protocol):
    name: ClassVar[str]

    def send(self, message: OutboxMessage, composed: Composed) -> Sent: ...


@runtime_checkable
class SaysWhenContentLeaves(Protocol):
    """A provider that calls `before_content` before the first byte of the content can reach anybody."""

    before_content: Callable[[], None]


@runtime_checkable
class SaysGoodbye(Protocol):
    """A provider with something left to close once the outcome is in the database. It never raises."""

    def say_goodbye(self) -> None: ...


@runtime_checkable
class LooksUp(Protocol):
    """A provider that can be asked afterwards what it accepted."""

    def look_up(self, message: OutboxMessage, since: datetime, *, not_these: frozenset[str]) -> LookUpResult | None:
        """None only when the provider has answered and does not have it; raises a ProviderFailure otherwise."""
        ...


@runtime_checkable
class Deletes(Protocol):
    """A provider that deletes its copy of what it has sent."""

    def delete(self, provider_id: str) -> None:
        """Gone, or never there; raises a ProviderFailure where it is not known to be."""
        ...
