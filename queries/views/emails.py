from collections.abc import Callable
from typing import ClassVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import urlencode

from accounts.access.permissions import StaffPage, signed_in
from foundation.outcomes.refusals import Refused
from foundation.web.operation_view import ActionView, ReadOperationView
from queries.models import Handling, InboundEmail
from queries.operations.settle_email import open_email, read_original, retry_email, settle_email
from queries.selectors.emails import EMAIL_VIEWS, emails_without_query
from queries.views.permissions import AnswerPage

EMAILS_PER_PAGE = 25
PLAIN = "text/plain; charset=utf-8"
DONE: dict[str, str] = {
    Handling.OPENED: "Opened as a query.",
    Handling.THREADED: "Added to its query.",
    Handling.SETTLED: "Marked as dealt with.",
}


class InboundEmailList(StaffPage):
    """Emails that opened no query: held, failed, ignored or dealt with."""

    def get(self, request: HttpRequest) -> HttpResponse:
        view = request.GET.get("view", "") if request.GET.get("view", "") in EMAIL_VIEWS else ""
        rows = emails_without_query(signed_in(request), view)
        page = Paginator(rows, EMAILS_PER_PAGE).get_page(request.GET.get("page"))
        where = reverse("inbound_email_list")
        tabs = [
            {"label": label, "url": f"{where}?{urlencode({'view': key})}", "current": key == view}
            for key, label in EMAIL_VIEWS.items()
        ]
        return render(request, "queries/inbound_email_list.html", {"page": page, "tabs": tabs, "view": view})


def email_for(request: HttpRequest, public_id: str) -> InboundEmail:
    """At most two queries. Raises 404 both for an email that does not exist and for one the user may not see."""
    seen = InboundEmail.objects.visible_to(signed_in(request)).select_related("query__person")
    found: InboundEmail = get_object_or_404(seen, public_id=public_id)
    return found


class InboundEmailOriginal(AnswerPage, ReadOperationView):
    """Downloads the email as received. Sent as plain text, so that no browser renders it."""

    def get_object(self) -> InboundEmail:
        email = email_for(self.request, self.kwargs["public_id"])
        if not email.raw:
            raise Http404
        return email

    def perform(self, form: forms.Form) -> HttpResponse:
        raw, name = read_original(email=self.object, by=signed_in(self.request)), f"email-{self.object.public_id}.eml"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store, private"}
        return HttpResponse(raw, PLAIN, headers=headers)

    def form_refused(self, form: forms.Form, refused: Refused) -> HttpResponse:
        return HttpResponse(refused.message, PLAIN, status=refused.status)


class InboundEmailAction(StaffPage, ActionView):
    """Calls one operation and returns to the list."""

    success_url = reverse_lazy("inbound_email_list")
    operation: ClassVar[Callable[..., InboundEmail]]

    def get_object(self) -> InboundEmail:
        return email_for(self.request, self.kwargs["public_id"])

    def perform(self, form: forms.Form) -> HttpResponse:
        done = type(self).operation(email=self.object, by=signed_in(self.request))
        messages.success(self.request, DONE.get(done.handling, f"Not opened: {done.reason}."))
        return redirect(self.get_success_url())


class InboundEmailRetry(InboundEmailAction):
    operation = retry_email


class InboundEmailOpen(InboundEmailAction):
    operation = open_email


class InboundEmailSettle(InboundEmailAction):
    operation = settle_email
