from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import bad_request as page_of_a_bad_request
from django.views.defaults import server_error as page_of_a_server_error

from careerconnect.foundation.problems import PROBLEM_JSON, problem_body


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django itself refuses: a wrong host, too many fields, a form that is no form."""
    if not request.path.startswith("/api/"):
        return page_of_a_bad_request(request, exception)
    body = problem_body(400, "bad_request", "This request cannot be used.")
    return JsonResponse(body, status=400, content_type=PROBLEM_JSON)


def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody foresaw: a page for people, problem details for programs, and no details for either."""
    if not request.path.startswith("/api/"):
        return page_of_a_server_error(request)
    body = problem_body(500, "server_error", "Something went wrong on our side.")
    return JsonResponse(body, status=500, content_type=PROBLEM_JSON)
