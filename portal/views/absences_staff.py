from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.access.permissions import RolePage, signed_in
from accounts.models import Role, User
from eligibility.models import Hold, Strike, StrikeReview
from eligibility.operations.circumstances import excuse_with_one_more, grant_one_more
from eligibility.operations.close_review import close_review
from eligibility.operations.holds import lift_hold, place_hold
from eligibility.operations.strikes import excuse_strike, record_absence
from eligibility.selectors.grants import possible_grants, was_granted
from foundation.web.operation_view import OperationView
from portal.forms import AbsenceForm, BecauseForm, CloseReviewForm, ExcuseForm, HoldForm
from portal.selectors.absences import Story, holds_listed, reviews_closed, reviews_to_decide, story_of

PER_PAGE = 25
SHOWN = {"": "To decide", "holds": "Holds", "closed": "Decided"}
LISTS = {"": reviews_to_decide, "holds": holds_listed, "closed": reviews_closed}


class ManagerPage(RolePage):
    """For careers managers only; everybody else gets a 404."""

    roles = frozenset({Role.CAREERS_MANAGER})


class ReviewList(ManagerPage):
    """The daily check: absences to review, proposed holds, and holds in force."""

    def get(self, request: HttpRequest) -> HttpResponse:
        show = request.GET.get("show", "")
        show = show if show in SHOWN else ""
        here = reverse("review_list")
        tabs = [
            {"label": label, "url": f"{here}?show={key}" if key else here, "current": key == show}
            for key, label in SHOWN.items()
        ]
        rows: Any = LISTS[show](signed_in(request))
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        return render(request, "attendance/review_list.html", {"tabs": tabs, "show": show, "page": page})


class OnStudent(ManagerPage, OperationView):
    """A page about one student."""

    context_object_name = "student"

    def get_object(self) -> User:
        seen = User.objects.visible_to(signed_in(self.request)).students()
        found: User = get_object_or_404(seen, public_id=self.kwargs["public_id"])
        return found


class AttendanceStory(OnStudent):
    http_method_names = ["get", "head"]
    template_name = "attendance/attendance_story.html"
    form_class, form_name = CloseReviewForm, "close_form"

    def student(self) -> User:
        found: User = self.object
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        story = story_of(self.student(), signed_in(self.request))
        return super().get_context_data(**kwargs) | {"story": story}


class ReviewClose(AttendanceStory):
    http_method_names = ["post"]
    context_object_name = "review"

    def get_object(self) -> StrikeReview:
        seen = StrikeReview.objects.visible_to(signed_in(self.request)).select_related("student")
        found: StrikeReview = get_object_or_404(seen, public_id=self.kwargs["public_id"])
        return found

    def student(self) -> User:
        found: User = self.object.student
        return found

    def perform(self, form: CloseReviewForm) -> HttpResponse:
        close_review(review=self.object, by=signed_in(self.request), **form.cleaned_data)
        messages.success(self.request, f"The review of {self.student().name} is closed.")
        return redirect("review_list")


class HoldCreate(OnStudent):
    """Chooses the terms of a hold, and explains their effect before the manager decides."""

    template_name = "attendance/hold_create.html"
    form_class = HoldForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "today": timezone.localdate(), "proposed": self.story.proposed}

    @cached_property
    def story(self) -> Story:
        return story_of(self.object, signed_in(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"story": self.story}

    def perform(self, form: HoldForm) -> HttpResponse:
        by, student = signed_in(self.request), self.object
        review = StrikeReview.objects.visible_to(by).open().filter(student=student).select_related("student").first()
        place_hold(student=student, terms=form.terms(), by=by, review=review)
        messages.success(self.request, f"{student.name} is on hold. We’ve emailed them.")
        return redirect("attendance_story", student.public_id)


class HoldLift(ManagerPage, OperationView):
    template_name = "attendance/hold_lift.html"
    form_class, context_object_name = BecauseForm, "hold"

    def get_object(self) -> Hold:
        seen = Hold.objects.visible_to(signed_in(self.request)).select_related("student", "decided_by")
        found: Hold = get_object_or_404(seen, public_id=self.kwargs["public_id"])
        return found

    def perform(self, form: BecauseForm) -> HttpResponse:
        lift_hold(hold=self.object, by=signed_in(self.request), **form.cleaned_data)
        student = self.object.student
        messages.success(self.request, f"Hold lifted. We’ve emailed {student.name}.")
        return redirect("attendance_story", student.public_id)


class StrikeExcuse(ManagerPage, OperationView):
    template_name = "attendance/strike_excuse.html"
    form_class, context_object_name = ExcuseForm, "strike"

    def get_object(self) -> Strike:
        seen = Strike.objects.visible_to(signed_in(self.request)).select_related("student", "excused_by")
        found: Strike = get_object_or_404(seen, public_id=self.kwargs["public_id"])
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        possible = [] if self.object.is_excused else possible_grants(self.object)
        return {**super().get_form_kwargs(), "possible": possible}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`later`: what an absence can still give that was excused without it."""
        is_open = self.object.is_excused and not was_granted(self.object)
        return super().get_context_data(**kwargs) | {"later": possible_grants(self.object) if is_open else []}

    def perform(self, form: ExcuseForm) -> HttpResponse:
        because, by = form.cleaned_data["because"], signed_in(self.request)
        if "give" in self.request.POST:
            accepted = grant_one_more(strike=self.object, because=because, by=by)
            messages.success(self.request, " ".join(accepted.sentences))
        elif form.cleaned_data.get("one_more"):
            accepted = excuse_with_one_more(strike=self.object, because=because, by=by)
            messages.success(self.request, " ".join(["Absence excused.", *accepted.sentences]))
        else:
            excuse_strike(strike=self.object, because=because, by=by)
            messages.success(self.request, "Absence excused. It no longer counts.")
        return redirect("attendance_story", self.object.student.public_id)


class AbsenceCreate(OnStudent):
    """Records an absence that the portal does not know of, such as at an employer event."""

    template_name = "attendance/absence_create.html"
    form_class = AbsenceForm

    def perform(self, form: AbsenceForm) -> HttpResponse:
        record_absence(student=self.object, by=signed_in(self.request), once=self.once, **form.cleaned_data)
        messages.success(self.request, "Absence recorded.")
        return redirect("attendance_story", self.object.public_id)
