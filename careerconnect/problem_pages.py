import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error as page_of_a_server_error

from careerconnect.foundation.database_away import is_database_away
from careerconnect.foundation.problems import PROBLEM_JSON

RETRY_AFTER_SECONDS = 10


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody foresaw: a page for people, problem details for programs, and no details for either.

    Django calls this for any error, from a view or from middleware, while it is being handled.
    """
    if is_database_away(sys.exc_info()[1]):
        return database_away(request)
    if not _is_program(request):
        return page_of_a_server_error(request)
    return _problem(500, "Internal Server Error", "server_error", "Something went wrong on our side.")


def database_away(request: HttpRequest) -> HttpResponse:
    """503, without asking the database anything, and honest about what was sent.

    A view that has begun may have committed before the connection was lost, or lost it while it committed.
    """
    unknown = request.method not in ("GET", "HEAD", "OPTIONS") and request.resolver_match is not None
    if _is_program(request) and unknown:
        words = "We can’t tell whether what you sent was saved. Look before you send it again."
        answer = _problem(503, "Service Unavailable", "outcome_unknown", words)
    elif _is_program(request):
        words = "The database is away for the moment. Nothing was changed. Try again soon."
        answer = _problem(503, "Service Unavailable", "database_away", words)
    else:
        answer = HttpResponse(render_to_string("503.html", {"sent": request.method == "POST", "unknown": unknown}))
        answer.status_code = 503
    answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer


def _is_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _problem(status: int, title: str, code: str, detail: str) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    return JsonResponse(body, status=status, content_type=PROBLEM_JSON)
