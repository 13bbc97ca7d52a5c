"""HTML pages accept GET, HEAD and POST only, even where a third-party view would accept more."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

VERBS = ("GET", "HEAD", "POST")


class AllowedMethodsMiddleware:
    """Answers 405 for every other method before authentication. The API does so itself, with problem details."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in VERBS or request.path_info.startswith("/api/"):
            return self.get_response(request)
        return HttpResponseNotAllowed(VERBS)
