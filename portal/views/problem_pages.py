import sys

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.defaults import bad_request as page_of_a_bad_request
from django.views.defaults import server_error as page_of_a_server_error

from accounts.sign_in.typed_words import DRAFTS, keep_unsent
from foundation.db.database_away import is_database_away
from foundation.web.problems import is_program, problem_response

RETRY_AFTER_SECONDS = 10


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Keeps what was typed, if the form was on a page of ours, and leads back to it."""
    if page := keep_unsent(request):
        request.session[DRAFTS] = True
        messages.warning(request, "This page was open too long, so nothing was sent. We kept what you typed.")
        return redirect(page)
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For requests that Django itself refuses: a wrong host, too many fields, a malformed form."""
    if is_program(request):
        return problem_response(400, "bad_request", "This request cannot be used.")
    return page_of_a_bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """For unexpected errors: a page for people, problem details for API clients, details of the error for neither.

    Django calls this while it handles the error, whether from a view or from middleware.
    """
    if is_database_away(sys.exc_info()[1]):
        return database_away(request)
    if not is_program(request):
        return page_of_a_server_error(request)
    return problem_response(500, "server_error", "Something went wrong on our side.")


def database_away(request: HttpRequest) -> HttpResponse:
    """A 503 that makes no database query and says whether what was sent may have been saved.

    A view that has begun may have committed before the connection was lost, or lost it while committing.
    """
    unknown = request.method not in ("GET", "HEAD", "OPTIONS") and request.resolver_match is not None
    if is_program(request) and unknown:
        words = "We can’t tell whether what you sent was saved. Look before you send it again."
        answer = problem_response(503, "outcome_unknown", words)
    elif is_program(request):
        words = "The database is away for the moment. Nothing was changed. Try again soon."
        answer = problem_response(503, "database_away", words)
    else:
        answer = HttpResponse(render_to_string("503.html", {"sent": request.method == "POST", "unknown": unknown}))
        answer.status_code = 503
    answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer
