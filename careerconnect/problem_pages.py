from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import server_error as page_of_a_server_error

from careerconnect.foundation.problems import PROBLEM_JSON


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody foresaw: a page for people, problem details for programs, and no details for either."""
    if not request.path.startswith("/api/"):
        return page_of_a_server_error(request)
    body = {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "code": "server_error",
        "detail": "Something went wrong on our side.",
    }
    return JsonResponse(body, status=500, content_type=PROBLEM_JSON)
