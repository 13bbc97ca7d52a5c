"""The address of a request is short text. Refused here, once, before anything else looks at it."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from foundation.web.problems import is_program, problem_response

LONGEST, LONGEST_OF_SIGN_ON = 2_048, 8_192
"""Bytes of path and query. What an identity provider adds to its callback may be longer: codes of 2 KB are ordinary."""
SIGN_ON = ("/accounts/oidc/", "/accounts/saml/")
REFUSED = {
    414: ("address_too_long", "This address is too long."),
    400: ("address_unreadable", "This address has a character that no address may have."),
}


def own_path(request: HttpRequest, wanted: str, default: str) -> str:
    """Where somebody asks to be led back to, if it is a page of this portal; else the default."""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else default


class AddressMiddleware:
    """414 for one that is too long, 400 for one with a NUL, which PostgreSQL takes in no text.

    The API itself refuses a NUL, and names the parameter.
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
    """A page for people, problem details for programs."""
    code, detail = REFUSED[status]
    if is_program(request):
        return problem_response(status, code, detail)
    words = {"status": status, "title": HTTPStatus(status).phrase, "detail": detail}
    return render(request, "refused_address.html", words, status=status)
