"""How a deed came in: by a page, a program, a command or the clock, and from which network.

The doors say it once; the audit trail asks for it. Nobody has to pass it along.
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
    """Where no door says otherwise, somebody with access to the machine runs a command or a shell."""

    how: str = COMMAND
    address: str = ""

    @property
    def network(self) -> str:
        return network_of(self.address)


_current: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - frozen


def origin() -> Origin:
    return _current.get()


def comes_from(how: str) -> Token[Origin]:
    """For doors that are a process or a task of their own; the token goes to `came_from`."""
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
