from abc import ABC, abstractmethod

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from accounts.access.permissions import StaffPage, signed_in
from foundation.outcomes.refusals import Refused
from queries.models import Handling, InboundEmail
from queries.operations.settle_email import open_email, read_original, retry_email, settle_email
from queries.selectors.emails import EMAIL_VIEWS, emails_without_query
from queries.views.permissions import AnswerPage

EMAILS_PER_PAGE = 25
DONE: dict[str, str] = {
    Handling.OPENED: "Opened as a query.",
    Handling.THREADED: "Added to its query.",
    Handling.SETTLED: "Marked as dealt with.",
}


class InboundEmailList(StaffPage):
    """What no query came of: held, failed, not answered, dealt with."""

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
    """Two queries at most. Hidden and absent look alike."""
    seen = InboundEmail.objects.visible_to(signed_in(request)).select_related("query__person")
    found: InboundEmail = get_object_or_404(seen, public_id=public_id)
    return found


class InboundEmailOriginal(AnswerPage):
    """The email as it came in, to be saved: as plain text, so that no browser ever shows it as a page."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        email = email_for(request, public_id)
        if not email.raw:
            raise Http404
        try:
            raw = read_original(email=email, by=signed_in(request))
        except Refused as refused:
            return HttpResponse(refused.message, "text/plain; charset=utf-8", status=refused.status)
        name = f"email-{email.public_id}.eml"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store, private"}
        return HttpResponse(raw, "text/plain; charset=utf-8", headers=headers)


class InboundEmailAction(ABC, StaffPage):
    """One button, one operation, back to the list."""

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        email = email_for(request, public_id)
        try:
            done = self.act(request, email)
        except Refused as refused:
            messages.error(request, f"{refused.message} {refused.remedy}")
            return redirect("inbound_email_list")
        messages.success(request, DONE.get(done.handling, f"Not opened: {done.reason}."))
        return redirect("inbound_email_list")

    @abstractmethod
    def act(self, request: HttpRequest, email: InboundEmail) -> InboundEmail:
        """Calls the operation; raises Refused."""


class InboundEmailRetry(InboundEmailAction):
    def act(self, request: HttpRequest, email: InboundEmail) -> InboundEmail:
        return retry_email(email=email, by=signed_in(request))


class InboundEmailOpen(InboundEmailAction):
    def act(self, request: HttpRequest, email: InboundEmail) -> InboundEmail:
        return open_email(email=email, by=signed_in(request))


class InboundEmailSettle(InboundEmailAction):
    def act(self, request: HttpRequest, email: InboundEmail) -> InboundEmail:
        return settle_email(email=email, by=signed_in(request))
