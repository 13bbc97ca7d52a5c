"""Pages on which information governance answers requests."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.access.permissions import GovernancePage, signed_in
from foundation.values.times import database_now, local_day
from foundation.web.operation_view import OperationView
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
from retention.selectors.request_page import RequestPage, request_page
from retention.views.choose_person import AboutPerson
from retention.views.permissions import GovernanceAction

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
    """Requests by deadline, earliest first."""

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


class RightsRequestRecord(AboutPerson):
    """Records a request that came by email, telephone or letter, or in person."""

    template_name = "retention/rights_request_record.html"
    form_class = RecordForm

    def get_initial(self) -> dict[str, Any]:
        return {"received_on": local_day(database_now())}

    def perform(self, form: RecordForm) -> HttpResponse:
        made = requests.ask(person=self.object, by=signed_in(self.request), once=self.once, **form.cleaned_data)
        messages.success(self.request, "Request recorded. We’ve told the person when to expect an answer.")
        return redirect("rights_request_detail", made.public_id)


class RightsRequestView(GovernancePage, OperationView):
    """The request with all its forms. An invalid form is shown again on this page with its errors."""

    template_name = "retention/rights_request_detail.html"
    context_object_name = "asked"

    def get_object(self) -> RightsRequest:
        seen = RightsRequest.objects.answered_by(self.request.user)
        found: RightsRequest = get_object_or_404(
            seen.select_related("person", "closed_by", "recorded_by"), public_id=self.kwargs["public_id"]
        )
        self.__dict__.pop("page", None)
        return found

    def get_success_url(self) -> str:
        return reverse("rights_request_detail", args=[self.kwargs["public_id"]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"page": self.page, **super().get_context_data(**kwargs)}
        return context | {"part_forms": [(each, context[each.key]) for each in self.page.undecided]}

    @cached_property
    def page(self) -> RequestPage:
        return request_page(self.object, local_day(database_now()))

    def beside(self) -> dict[str, forms.BaseForm]:
        """A form for each part of the copy that is undecided has the key of the part as its name."""
        found: dict[str, forms.BaseForm] = {name: form(prefix=name) for name, form in FORMS.items()}
        if (self.page.package and self.page.package.candidates) or self.page.redactions:
            found["names_form"] = NamesForm(package=self.page.package, decided=self.page.redactions)
        return found | {each.key: PartForm(prefix=each.key) for each in self.page.undecided}


class RightsRequestDetail(RightsRequestView):
    """Records the reading if the page shows places that name other people. Sending it asks for the page again, with
    what was typed.
    """

    def get_object(self) -> RightsRequest:
        asked = super().get_object()
        if self.request.method != "POST":
            record_names_read(request=asked, by=signed_in(self.request))
        return asked

    def perform(self, form: forms.Form) -> HttpResponse:
        return redirect(self.get_success_url())


class RequestAction(GovernanceAction, RightsRequestView):
    """A view with one form and one operation that redirects to the request."""

    http_method_names = ["post"]
    operation: ClassVar[Callable[..., object]]
    done: ClassVar[str]

    def get_form_class(self) -> type[forms.Form]:
        return FORMS.get(self.form_name, forms.Form)

    def get_prefix(self) -> str:
        return self.form_name

    def perform(self, form: forms.Form) -> HttpResponse:
        type(self).operation(request=self.object, by=signed_in(self.request), **form.cleaned_data)
        messages.success(self.request, self.done)
        return redirect(self.get_success_url())


class RightsRequestAcknowledge(RequestAction):
    operation, done = requests.acknowledge, "Acknowledged, and the person has been told."


class RightsRequestPause(RequestAction):
    form_name, operation, done = "pause_form", requests.pause, "The clock is stopped, and the person has been asked."


class RightsRequestResume(RequestAction):
    operation, done = requests.resume, "The clock runs again."


class RightsRequestExtend(RequestAction):
    form_name, operation, done = "extend_form", requests.extend, "Two further months, and the person knows why."


class RightsRequestNote(RequestAction):
    form_name, operation, done = "note_form", requests.note, "Note added. Only officers see it."

    def perform(self, form: forms.Form) -> HttpResponse:
        words = form.cleaned_data["words"]
        requests.note(request=self.object, words=words, by=signed_in(self.request), once=self.once)
        messages.success(self.request, self.done)
        return redirect(self.get_success_url())


class RightsRequestClose(RequestAction):
    form_name, operation, done = "close_form", requests.close, "Answered, and the person has been told."


class RightsRequestRestrict(RequestAction):
    form_name, operation, done = "restrict_form", requests.restrict, "Restricted: it is kept, and nothing else."


class RightsRequestLift(RequestAction):
    form_name, operation, done = "lift_form", requests.lift, "The restriction has ended, and the person knows."


class RightsRequestErase(RequestAction):
    """Redirects to the inbox, because the person and perhaps the request no longer exist."""

    form_name, operation, done = "erase_form", erase, "Deleted, except for what we must keep."

    def get_success_url(self) -> str:
        return reverse("rights_request_inbox")


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
    operation, done = copies.rebuild, "The copy is being rebuilt."


class CopyRelease(RequestAction):
    operation, done = copies.release, "Released, and the person has been told."


class CopyNames(GovernanceAction, RightsRequestView):
    """Decides for each name of another person whether to redact it."""

    http_method_names = ["post"]
    form_class, form_name = NamesForm, "names_form"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.get_object().packages.exists():
            return redirect(self.get_success_url())
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        about = {"package": self.object.packages.first(), "decided": list(self.object.redactions.all())}
        return {**super().get_form_kwargs(), **about}

    def perform(self, form: NamesForm) -> HttpResponse:
        black, leave = form.decided()
        copies.decide_redactions(request=self.object, black_out=black, leave=leave, by=signed_in(self.request))
        messages.success(self.request, "Decision saved. We’re rebuilding the copy.")
        return redirect(self.get_success_url())


class CopyPart(GovernanceAction, RightsRequestView):
    """Classes about which information governance decides. Wellbeing leads decide about concerns."""

    http_method_names = ["post"]
    form_class = PartForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form_name = self.prefix = str(self.kwargs["key"])
        return super().post(request, *args, **kwargs)

    def get_object(self) -> RightsRequest:
        asked, key = super().get_object(), self.kwargs["key"]
        if key not in BY_KEY or BY_KEY[key].reader != Reader.GOVERNANCE:
            raise Http404
        return asked

    def perform(self, form: PartForm) -> HttpResponse:
        included, because = form.cleaned_data["included"] == "yes", form.cleaned_data["because"]
        copies.decide_part(
            request=self.object, key=self.kwargs["key"], included=included, because=because,
            by=signed_in(self.request), reader=Reader.GOVERNANCE,
        )  # fmt: skip
        messages.success(self.request, "Decision saved.")
        return redirect(self.get_success_url())
