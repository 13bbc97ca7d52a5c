"""The interface of a provider. The exception it raises says whether the same message may be retried.

The text of a failure is stored with the message and shown to administrators: no addresses, no bodies.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, runtime_checkable

from messaging.models import OutboxMessage
from messaging.rules.kinds import Composed


class ProviderFailure(Exception):
    pass


class TemporaryFailure(ProviderFailure):
    """The provider did not accept it, but may later."""


class PermanentFailure(ProviderFailure):
    """The provider refused it and always will."""


class UncertainOutcome(ProviderFailure):
    """It was handed over, and it is not known whether the provider accepted it."""


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
    """A provider that calls `before_content` before the first byte of content can be sent."""

    before_content: Callable[[], None]


@runtime_checkable
class SaysGoodbye(Protocol):
    """A provider with a connection to close after the outcome is stored. `say_goodbye` never raises."""

    def say_goodbye(self) -> None: ...


@runtime_checkable
class LooksUp(Protocol):
    """A provider that can say later what it accepted."""

    def look_up(self, message: OutboxMessage, since: datetime, *, not_these: frozenset[str]) -> LookUpResult | None:
        """None only if the provider answered that it does not have the message; otherwise raises ProviderFailure."""
        ...


@runtime_checkable
class Deletes(Protocol):
    """A provider that can delete its copy of a message."""

    def delete(self, provider_id: str) -> None:
        """Returns if the copy is gone or never existed; raises ProviderFailure if that is not certain."""
        ...
