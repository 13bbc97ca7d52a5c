"""The steps of booking: details, check, confirm.

The chosen time is in the URL and the draft waits in the session until it is booked. So every step is a plain page,
“Change” and “Back” lose nothing, and no student's words appear in a URL.
"""

import secrets
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import AccessNeeds
from appointments.forms.documents import AttachForm
from appointments.forms.student import ChosenTimeForm, DetailsForm
from appointments.models import AppointmentType, Booking
from appointments.models.booking import OCCUPYING
from appointments.operations.book import book_appointment
from appointments.operations.choice import Choice
from appointments.operations.find_choice import choice_of, find_choice
from appointments.rules.booking import may_book_at, may_book_type
from appointments.rules.reachable import may_be_written_to
from appointments.selectors.booking_targets import BookingTargets, find_named
from appointments.selectors.own_documents import own_of
from appointments.selectors.student_times import ResolvedTime, TimeFilter, nearest_times, place_of, resolve_time
from appointments.views.student_refusals import OFFERS_OTHERS, RefusalPage
from appointments.views.student_times import STEPS, times_query
from documents.models import Document
from documents.operations.upload import upload_document
from eligibility.selectors.student_facts import Context, student_context
from foundation.outcomes.refusals import Refused, require
from foundation.values.telephones import shown_number
from foundation.web.operation_view import refuse_into
from foundation.web.typed_before import KeepsWords, typed_before

DRAFT = "booking_draft"
WISH = "booking_wish"
"""The filters with which the student looked for a time, so that choosing another one keeps them."""
KEY_LENGTH = 80


def forget_draft(request: HttpRequest) -> None:
    """Deletes the draft once the booking is made."""
    request.session.pop(DRAFT, None)


class StepPage(KeepsWords, RefusalPage):
    """A step of booking one chosen time of one type."""

    form_class = DetailsForm

    time: ChosenTimeForm
    named: BookingTargets
    type: AppointmentType
    context: Context

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.is_student:
            self.time = ChosenTimeForm(request.GET)
            self.named = self.find(kwargs["slug"])
            self.type = self.named.type
        return super().dispatch(request, *args, **kwargs)

    def find(self, slug: str) -> BookingTargets:
        """One query: the type, adviser and location that the URL names."""
        asked = self.time.cleaned_data if self.time.is_valid() else {}
        found = find_named(type=slug, adviser=asked.get("adviser", ""), location=asked.get("location", ""))
        if found is None or found.type.slug != slug:
            raise Http404
        return found

    def links(self) -> dict[str, str]:
        kept = bool(self.draft())
        onward = "booking_check" if kept else "booking_details"
        return {
            "kept": "yes" if kept else "",
            "times": self.times_url(),
            "times_words": "See all free times",
            "onward": reverse(onward, args=[self.type.slug]),
        }

    def times_url(self) -> str:
        """The times of the day in the URL, filtered as the student had it."""
        times = reverse("time_list", args=[self.type.slug])
        if not self.time.is_valid():
            return times
        asked, kept = self.time.cleaned_data, self.request.session.get(WISH, {})
        wish = kept if asked["location"] and kept.get("type") == self.type.slug else asked
        return f"{times}?{times_query(asked, wish)}"

    def asked(self) -> dict[str, Any]:
        if not self.time.is_valid():
            raise Refused("time_unreadable", "We cannot read that time.", "Choose one of the free times.", status=400)
        return self.time.cleaned_data

    def chosen(self) -> ResolvedTime:
        """The time in the URL if this student may book it and it is free; otherwise raises Refused."""
        asked = self.asked()
        self.context = student_context(self.request.user.pk)
        require(may_be_written_to(self.request.user, self.context))
        require(may_book_type(self.type, self.context, self.context.facts.today))
        wish = TimeFilter(mode=asked["mode"], adviser=asked["adviser"])
        chosen = resolve_time(self.type, self.context, asked["start"], wish, asked["location"])
        decision = may_book_at(self.type, self.context, asked["start"])
        if chosen and decision:
            return chosen
        refused = Refused("not_offered", "This time is no longer free.", "Choose one of the free times.")
        if not decision:
            refused = Refused.from_decision(decision)
        raise refused

    def refused(self, refused: Refused) -> HttpResponseBase:
        """Back after booking shows the booking. Otherwise offers only times that this student may book."""
        if self.request.method == "GET" and (booking := self.booked_already()):
            return redirect("booking_detail", booking.public_id)
        if refused.code in OFFERS_OTHERS and not refused.alternatives:
            asked, context = self.asked(), student_context(self.request.user.pk)
            refused.alternatives = nearest_times(self.type, context, asked["start"], asked["adviser"])
        return super().refused(refused)

    def booked_already(self) -> Booking | None:
        """The student's own booking of this type at the time in the URL."""
        if not self.time.is_valid():
            return None
        mine = Booking.objects.filter(student=self.request.user.pk, type=self.type, status__in=OCCUPYING)
        return mine.filter(during__startswith=self.time.cleaned_data["start"]).first()

    def draft(self) -> dict[str, Any]:
        """What was typed in this session or, if that ended before it could be sent, in the one before."""
        kept = self.request.session.get(DRAFT, {})
        if kept.get("type") == self.type.slug:
            return dict(kept["said"])
        before = next(iter(typed_before(self.request)), None)
        if before is None:
            return {}
        said, documents = dict(before.typed.items()), " ".join(before.typed.getlist("documents")).split()
        self.request.session[DRAFT] = {"type": self.type.slug, "said": said, "documents": documents}
        return said

    def attached(self) -> list[str]:
        kept = self.request.session.get(DRAFT, {})
        return list(kept.get("documents", [])) if kept.get("type") == self.type.slug else []

    def keep(self, form: DetailsForm, documents: Iterable[str]) -> None:
        """Saves what was typed in the session until the confirmation is shown (`forget_draft`): also what is not valid,
        and what another way to meet does not ask."""
        said = {**self.draft(), **form.typed()}
        self.request.session[DRAFT] = {"type": self.type.slug, "said": said, "documents": list(documents)}

    def page(self, template: str, chosen: ResolvedTime, step: int, status: int = 200, **more: Any) -> HttpResponse:
        place = place_of(self.type, chosen.time)
        context = {"type": self.type, "chosen": chosen, "place": place, "steps": STEPS, "step": step, **more}
        context["times_url"], context["typed_before"] = self.times_url(), typed_before(self.request)
        return render(self.request, template, context, status=status)


class DetailsPage(StepPage):
    """The page of the details is sent to go on, and by every button on it that leads elsewhere."""

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Keeps what was typed, whatever comes of it."""
        form, attach = DetailsForm(self.type, self.asked()["mode"], request.POST), AttachForm(request.user, request)
        self.keep(form, self.attached())
        if attach.is_valid() and self.may_go_on(form):
            try:
                self.keep(form, self.with_upload(attach))
            except Refused as refused:
                refuse_into(attach, refused)
            else:
                return redirect(self.onward())
        return self.page("appointments/booking_details.html", self.chosen(), 3, status=422, form=form, attach=attach)

    def may_go_on(self, form: DetailsForm) -> bool:
        return True

    def onward(self) -> str:
        """The same address, which then shows what was kept."""
        return f"{self.request.path}?{self.chosen().query}"

    def with_upload(self, attach: AttachForm) -> list[str]:
        """Ids of the documents chosen and, if a file was sent, of the new document."""
        chosen: list[str] = attach.cleaned_data["documents"]
        if attach.cleaned_data["file"] is None:
            return chosen
        user, kind = self.request.user, attach.cleaned_data["kind"]
        return [*chosen, upload_document(owner=user, kind=kind, by=user, **attach.upload).public_id]


class BookingDetails(DetailsPage):
    """POST leads to another way to meet (`instead`, its query string) or to the other times."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        chosen, asked = self.chosen(), self.asked()
        if not asked["location"]:
            request.session[WISH] = {"type": slug, "mode": asked["mode"], "adviser": asked["adviser"]}
        profile = {"access_needs": AccessNeeds.objects.of(request.user).text, "phone": shown_number(request.user.phone)}
        said = profile | self.draft()
        form = DetailsForm(self.type, chosen.time.mode, initial=said)
        attach = AttachForm(request.user, initial={"documents": self.attached()})
        return self.page("appointments/booking_details.html", chosen, 3, form=form, attach=attach)

    def onward(self) -> str:
        instead = self.request.POST.get("instead", "")
        return f"{self.request.path}?{instead}" if instead else self.times_url()


class BookingCheck(DetailsPage):
    def may_go_on(self, form: DetailsForm) -> bool:
        return form.is_valid()

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        chosen, said = self.chosen(), self.draft()
        form = DetailsForm(self.type, chosen.time.mode, said)
        if not said or not form.is_valid():
            return redirect(f"{reverse('booking_details', args=[slug])}?{chosen.query}")
        documents = own_of(request.user, self.attached())
        form = DetailsForm(self.type, chosen.time.mode, form.said())  # shows what is saved, not as it was typed
        form.full_clean()
        hidden = {**form.said(), "documents": " ".join(each.public_id for each in documents)}
        hidden["key"] = secrets.token_urlsafe(18)
        return self.page("appointments/booking_check.html", chosen, 4, form=form, hidden=hidden, documents=documents)


class BookingCreate(StepPage):
    """Books. Sending the form twice returns the same booking; after a refusal the draft is kept."""

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        form = DetailsForm(self.type, self.asked()["mode"], request.POST)
        documents = own_of(request.user, request.POST.get("documents", "").split())
        if not form.is_valid():
            self.keep(form, [each.public_id for each in documents])
            again = {"status": 422, "form": form, "attach": AttachForm(request.user)}
            return self.page("appointments/booking_details.html", self.chosen(), 3, **again)
        try:
            booking = self.book(form, documents)
        except Refused:  # not kept before: that would write the session for every booking
            self.keep(form, [each.public_id for each in documents])
            raise
        return redirect("booking_booked", booking.public_id)

    def book(self, form: DetailsForm, documents: list[Document]) -> Booking:
        user = self.request.user
        return book_appointment(
            student=user,
            choice=self.choice(self.asked()),
            details=form.details(),
            by=user,
            idempotency_key=self.key(),
            documents=documents,
        )

    def key(self) -> str:
        """One for each check page, so that sending the form twice books once."""
        key = self.request.POST.get("key", "")
        if len(key) > KEY_LENGTH or not key.isprintable():
            raise Refused("key_unreadable", "This form was changed before it was sent.", "Begin again.", status=400)
        return key

    def choice(self, asked: dict[str, Any]) -> Choice:
        if asked["location"]:
            named = self.named
            return choice_of(named.type, asked["start"], named.adviser, asked["mode"], named.location)
        return find_choice(self.type, **self.chosen().asked)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """For somebody who reloads or shares the URL."""
        return redirect("time_list", slug)
