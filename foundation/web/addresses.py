"""Refuses requests whose address is too long or contains NUL, before any other code reads it."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from foundation.web.problems import is_program, problem_response

LONGEST, LONGEST_OF_SIGN_ON = 2_048, 8_192
"""Bytes of path and query. Callbacks of identity providers may be longer: authorisation codes of 2 KB are ordinary."""
SIGN_ON = ("/accounts/oidc/", "/accounts/saml/")
REFUSED = {
    414: ("address_too_long", "This address is too long."),
    400: ("address_unreadable", "This address has a character that no address may have."),
}


def own_path(request: HttpRequest, wanted: str, default: str) -> str:
    """The address to return to, if it is a page of this portal; otherwise the default."""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else default


class AddressMiddleware:
    """Answers 414 if the address is too long, and 400 if it contains NUL, which PostgreSQL cannot store in text.

    The API refuses a NUL itself and names the parameter.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path, query = request.path_info, request.META.get("QUERY_STRING", "")
        longest = LONGEST_OF_SIGN_ON if path.startswith(SIGN_ON) else LONGEST
        if len(path.encode(errors="replace")) + len(query) > longest:
            return refused(request, 414)
        if not is_program(request) and ("\0" in path or "\0" in query or "%00" in query):
            return refused(request, 400)
        return self.get_response(request)


def refused(request: HttpRequest, status: int) -> HttpResponseBase:
    """An HTML page for people, problem details for the API."""
    code, detail = REFUSED[status]
    if is_program(request):
        return problem_response(status, code, detail)
    words = {"status": status, "title": HTTPStatus(status).phrase, "detail": detail}
    return render(request, "refused_address.html", words, status=status)
