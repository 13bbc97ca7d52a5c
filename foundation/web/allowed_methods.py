"""Pages are asked for and sent to; nothing else is done to them, whatever a package's views would make of it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

VERBS = ("GET", "HEAD", "POST")


class AllowedMethodsMiddleware:
    """405 for every other verb, before anybody is asked who they are. The API says so itself, as a problem."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in VERBS or request.path_info.startswith("/api/"):
            return self.get_response(request)
        return HttpResponseNotAllowed(VERBS)
