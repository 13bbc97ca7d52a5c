"""Information governance answering requests: what is due first, and everything that can be done to one on its page."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access.permissions import GovernancePage, signed_in
from foundation.outcomes.refusals import Refused
from foundation.values.public_ids import id_in
from foundation.values.times import database_now, local_day
from retention.forms import (
    EraseForm,
    ExtendForm,
    LiftForm,
    NamesForm,
    PartForm,
    PauseForm,
    RecordForm,
    RequestCloseForm,
    RequestNoteForm,
    RestrictForm,
)
from retention.models import RequestState, RightsRequest
from retention.operations import copies, requests
from retention.operations.erase import erase
from retention.operations.read_texts import record_names_read
from retention.schedule.data_class import Reader
from retention.schedule.register import BY_KEY
from retention.selectors.overview import tabs
from retention.selectors.request_page import request_page
from retention.views.holds import person_chosen
from retention.views.permissions import GovernanceAction
from security.selectors.people import people_for

PER_PAGE = 25
SHOWN = {"": "Open", "closed": "Answered"}
FORMS: dict[str, type[forms.Form]] = {
    "pause_form": PauseForm,
    "extend_form": ExtendForm,
    "note_form": RequestNoteForm,
    "close_form": RequestCloseForm,
    "restrict_form": RestrictForm,
    "lift_form": LiftForm,
    "erase_form": EraseForm,
}


class RightsRequestInbox(GovernancePage):
    """What is due first stands first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        show = request.GET.get("show", "") if request.GET.get("show", "") in SHOWN else ""
        found = RightsRequest.objects.answered_by(request.user).select_related("person")
        found = found.filter(state=RequestState.CLOSED).order_by("-closed_at") if show else found.open()
        context = {
            "tabs": tabs("rights_request_inbox"),
            "show": show,
            "today": local_day(database_now()),
            "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        }
        return render(request, "retention/rights_request_inbox.html", context)


class RightsRequestRecord(GovernanceAction):
    """A request that came by e-mail, by telephone or across a desk: first whose, then what."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, RecordForm(initial={"received_on": local_day(database_now())}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RecordForm(request.POST)
        person = get_object_or_404(people_for(request.user), public_id=id_in(request.POST.get("person", "")))
        if not form.is_valid():
            return self.page(request, form, 422)
        try:
            made = requests.ask(person=person, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            return self.page(request, form, refused.status, refused=refused)
        messages.success(request, "Recorded, and the person has been told by when they hear from us.")
        return redirect("rights_request_detail", made.public_id)

    def page(self, request: HttpRequest, form: RecordForm, status: int = 200, **more: object) -> HttpResponse:
        context = {"form": form, **person_chosen(request), **more}
        return render(request, "retention/rights_request_record.html", context, status=status)


def request_for(request: HttpRequest, public_id: str) -> RightsRequest:
    seen = RightsRequest.objects.answered_by(request.user).select_related("person", "closed_by", "recorded_by")
    found: RightsRequest = get_object_or_404(seen, public_id=public_id)
    return found


def shown(request: HttpRequest, asked: RightsRequest, status: int = 200, **more: Any) -> HttpResponse:
    page = request_page(asked, local_day(database_now()))
    fresh: dict[str, Any] = {name: form() for name, form in FORMS.items()}
    if (page.package and page.package.candidates) or page.redactions:
        fresh["names_form"] = NamesForm(package=page.package, decided=page.redactions)
    invalid = more.get("part_form")
    forms_of_parts = [
        (each, invalid if invalid and more.get("about") == each.key else PartForm(about=each.key))
        for each in page.undecided
    ]
    context = {"asked": asked, "page": page, "part_forms": forms_of_parts, **fresh, **more}
    return render(request, "retention/rights_request_detail.html", context, status=status)


class RightsRequestDetail(GovernancePage):
    """Where places are shown in which others are named, that is recorded."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        asked = request_for(request, public_id)
        record_names_read(request=asked, by=signed_in(request))
        return shown(request, asked)


class RequestAction(GovernanceAction):
    """One form, one operation, back to the request."""

    form_name: ClassVar[str] = ""
    operation: ClassVar[Callable[..., object]]
    done: ClassVar[str]

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        asked = request_for(request, public_id)
        form = FORMS[self.form_name](request.POST) if self.form_name else None
        kept = {self.form_name: form} if form else {}
        if form is not None and not form.is_valid():
            return shown(request, asked, 422, invalid=form, **kept)
        try:
            type(self).operation(request=asked, by=signed_in(request), **(form.cleaned_data if form else {}))
        except Refused as refused:
            return shown(request, request_for(request, public_id), refused.status, refused=refused, **kept)
        messages.success(request, self.done)
        return self.next_page(public_id)

    def next_page(self, public_id: str) -> HttpResponse:
        return redirect("rights_request_detail", public_id)


class RightsRequestAcknowledge(RequestAction):
    operation, done = requests.acknowledge, "Acknowledged, and the person has been told."


class RightsRequestPause(RequestAction):
    form_name, operation, done = "pause_form", requests.pause, "The clock is stopped, and the person has been asked."


class RightsRequestResume(RequestAction):
    operation, done = requests.resume, "The clock runs again."


class RightsRequestExtend(RequestAction):
    form_name, operation, done = "extend_form", requests.extend, "Two further months, and the person knows why."


class RightsRequestNote(RequestAction):
    form_name, operation, done = "note_form", requests.note, "Kept among officers."


class RightsRequestClose(RequestAction):
    form_name, operation, done = "close_form", requests.close, "Answered, and the person has been told."


class RightsRequestRestrict(RequestAction):
    form_name, operation, done = "restrict_form", requests.restrict, "Restricted: it is kept, and nothing else."


class RightsRequestLift(RequestAction):
    form_name, operation, done = "lift_form", requests.lift, "The restriction has ended, and the person knows."


class RightsRequestErase(RequestAction):
    """The person and perhaps the request itself are gone afterwards: back to the inbox."""

    form_name, operation, done = "erase_form", erase, "Forgotten, but for what has to stay."

    def next_page(self, public_id: str) -> HttpResponse:
        return redirect("rights_request_inbox")


ACTIONS: dict[str, type[RequestAction]] = {
    "acknowledge": RightsRequestAcknowledge,
    "pause": RightsRequestPause,
    "resume": RightsRequestResume,
    "extend": RightsRequestExtend,
    "note": RightsRequestNote,
    "close": RightsRequestClose,
    "restrict": RightsRequestRestrict,
    "lift": RightsRequestLift,
    "erase": RightsRequestErase,
}


class CopyRebuild(RequestAction):
    operation, done = copies.rebuild, "It is being put together anew."


class CopyRelease(RequestAction):
    operation, done = copies.release, "Released, and the person has been told."


class CopyNames(GovernanceAction):
    """Each name of somebody else that was found: blacked out, or left."""

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        asked = request_for(request, public_id)
        package, decided = asked.packages.first(), list(asked.redactions.all())
        if package is None:
            return redirect("rights_request_detail", public_id)
        form = NamesForm(request.POST, package=package, decided=decided)
        if not form.is_valid():
            return shown(request, asked, 422, names_form=form, invalid=form)
        black, leave = form.decided()
        try:
            copies.decide_redactions(request=asked, black_out=black, leave=leave, by=signed_in(request))
        except Refused as refused:
            return shown(request, request_for(request, public_id), refused.status, refused=refused)
        messages.success(request, "Decided. The copy is being put together anew.")
        return redirect("rights_request_detail", public_id)


class CopyPart(GovernanceAction):
    """What information governance itself may say; a concern is for wellbeing leads."""

    def post(self, request: HttpRequest, public_id: str, key: str) -> HttpResponse:
        asked, form = request_for(request, public_id), PartForm(request.POST, about=key)
        if key not in BY_KEY or BY_KEY[key].reader != Reader.GOVERNANCE:
            raise Http404
        if not form.is_valid():
            return shown(request, asked, 422, part_form=form, about=key, invalid=form)
        included = form.cleaned_data["included"] == "yes"
        try:
            copies.decide_part(
                request=asked, key=key, included=included, because=form.cleaned_data["because"], by=signed_in(request),
                reader=Reader.GOVERNANCE,
            )  # fmt: skip
        except Refused as refused:
            return shown(request, request_for(request, public_id), refused.status, refused=refused)
        messages.success(request, "Decided.")
        return redirect("rights_request_detail", public_id)
