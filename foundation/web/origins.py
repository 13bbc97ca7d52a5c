"""Through which interface an action came (page, API, command or task) and from which network.

The entry points set it once and the audit trail reads it, so that no function has to pass it on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from foundation.values.networks import client_address, network_of

WEB, API, COMMAND, TASK = "web", "api", "command", "task"


@dataclass(frozen=True, slots=True)
class Origin:
    """The default means that somebody with access to the machine runs a command or a shell."""

    how: str = COMMAND
    address: str = ""

    @property
    def network(self) -> str:
        return network_of(self.address)


_current: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - frozen


def origin() -> Origin:
    return _current.get()


def comes_from(how: str) -> Token[Origin]:
    """Sets the origin for a whole process or task; pass the token to `came_from` to reset it."""
    return _current.set(Origin(how))


def came_from(token: Token[Origin]) -> None:
    _current.reset(token)


@contextmanager
def coming_from(how: str, address: str = "") -> Iterator[None]:
    token = _current.set(Origin(how, address))
    try:
        yield
    finally:
        _current.reset(token)


class OriginMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        how = API if request.path_info.startswith("/api/") else WEB
        with coming_from(how, client_address(request)):
            return self.get_response(request)
