from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access.permissions import RolePage, signed_in
from accounts.models import Role, User
from eligibility.models import Hold, Strike, StrikeReview
from eligibility.operations.close_review import close_review
from eligibility.operations.holds import lift_hold, place_hold
from eligibility.operations.strikes import excuse_strike, record_absence
from foundation.outcomes.refusals import Refused
from portal.forms import AbsenceForm, BecauseForm, CloseReviewForm, HoldForm
from portal.selectors.absences import holds_listed, reviews_closed, reviews_to_decide, story_of

PER_PAGE = 25
SHOWN = {"": "To decide", "holds": "Holds", "closed": "Decided"}
LISTS = {"": reviews_to_decide, "holds": holds_listed, "closed": reviews_closed}


class ManagerPage(RolePage):
    """Careers managers decide; for everybody else there is nothing here."""

    roles = frozenset({Role.CAREERS_MANAGER})


class ReviewList(ManagerPage):
    """Daily, a minute: whom to look at, whose hold is proposed, which holds run."""

    def get(self, request: HttpRequest) -> HttpResponse:
        show = request.GET.get("show", "")
        show = show if show in SHOWN else ""
        here = reverse("review_list")
        tabs = [
            {"label": label, "url": f"{here}?show={key}" if key else here, "current": key == show}
            for key, label in SHOWN.items()
        ]
        page = Paginator(LISTS[show](signed_in(request)), PER_PAGE).get_page(request.GET.get("page"))
        return render(request, "attendance/review_list.html", {"tabs": tabs, "show": show, "page": page})


def student_for(request: HttpRequest, public_id: str) -> User:
    seen = User.objects.visible_to(signed_in(request)).students()
    found: User = get_object_or_404(seen, public_id=public_id)
    return found


def shown(request: HttpRequest, student: User, status: int = 200, **more: Any) -> HttpResponse:
    context = {"story": story_of(student, signed_in(request)), "close_form": CloseReviewForm()} | more
    return render(request, "attendance/attendance_story.html", context, status=status)


class AttendanceStory(ManagerPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return shown(request, student_for(request, public_id))


class ReviewClose(ManagerPage):
    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        by = signed_in(request)
        seen = StrikeReview.objects.visible_to(by).select_related("student")
        review: StrikeReview = get_object_or_404(seen, public_id=public_id)
        form = CloseReviewForm(request.POST)
        if not form.is_valid():
            return shown(request, review.student, 422, close_form=form)
        try:
            close_review(review=review, by=by, **form.cleaned_data)
        except Refused as refused:
            return shown(request, review.student, refused.status, close_form=form, refused=refused)
        messages.success(request, f"The review of {review.student.name} is closed.")
        return redirect("review_list")


class HoldCreate(ManagerPage):
    """The terms, with what they do said before they are decided."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return self.page(request, student_for(request, public_id), HoldForm(today=timezone.localdate()))

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        by, student = signed_in(request), student_for(request, public_id)
        form = HoldForm(request.POST, today=timezone.localdate())
        if not form.is_valid():
            return self.page(request, student, form, 422)
        review = StrikeReview.objects.visible_to(by).open().filter(student=student).select_related("student").first()
        try:
            place_hold(student=student, terms=form.terms(), by=by, review=review)
        except Refused as refused:
            return self.page(request, student, form, refused.status, refused=refused)
        messages.success(request, f"{student.name} is on hold, and is told so by e-mail.")
        return redirect("attendance_story", public_id)

    def page(self, request: HttpRequest, student: User, form: HoldForm, status: int = 200, **more: Any) -> HttpResponse:
        context = {"story": story_of(student, signed_in(request)), "form": form} | more
        return render(request, "attendance/hold_create.html", context, status=status)


class HoldLift(ManagerPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return self.page(request, self.find(request, public_id), BecauseForm())

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        hold, form = self.find(request, public_id), BecauseForm(request.POST)
        if not form.is_valid():
            return self.page(request, hold, form, 422)
        try:
            lift_hold(hold=hold, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            return self.page(request, hold, form, refused.status, refused=refused)
        messages.success(request, f"The hold is lifted. {hold.student.name} is told so by e-mail.")
        return redirect("attendance_story", hold.student.public_id)

    def find(self, request: HttpRequest, public_id: str) -> Hold:
        seen = Hold.objects.visible_to(signed_in(request)).select_related("student", "decided_by")
        found: Hold = get_object_or_404(seen, public_id=public_id)
        return found

    def page(self, request: HttpRequest, hold: Hold, form: BecauseForm, status: int = 200, **more: Any) -> HttpResponse:
        return render(request, "attendance/hold_lift.html", {"hold": hold, "form": form} | more, status=status)


class StrikeExcuse(ManagerPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return self.page(request, self.find(request, public_id), BecauseForm())

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        strike, form = self.find(request, public_id), BecauseForm(request.POST)
        if not form.is_valid():
            return self.page(request, strike, form, 422)
        try:
            excuse_strike(strike=strike, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            return self.page(request, strike, form, refused.status, refused=refused)
        messages.success(request, "The absence is excused. It stays visible as excused, and no longer counts.")
        return redirect("attendance_story", strike.student.public_id)

    def find(self, request: HttpRequest, public_id: str) -> Strike:
        seen = Strike.objects.visible_to(signed_in(request)).select_related("student", "excused_by")
        found: Strike = get_object_or_404(seen, public_id=public_id)
        return found

    def page(
        self, request: HttpRequest, strike: Strike, form: BecauseForm, status: int = 200, **more: Any
    ) -> HttpResponse:
        return render(request, "attendance/strike_excuse.html", {"strike": strike, "form": form} | more, status=status)


class AbsenceCreate(ManagerPage):
    """For what the portal does not know of: an employer event or a session kept elsewhere."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return self.page(request, student_for(request, public_id), AbsenceForm())

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        student, form = student_for(request, public_id), AbsenceForm(request.POST)
        if not form.is_valid():
            return self.page(request, student, form, 422)
        try:
            record_absence(student=student, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            return self.page(request, student, form, refused.status, refused=refused)
        messages.success(request, "The absence is recorded.")
        return redirect("attendance_story", public_id)

    def page(
        self, request: HttpRequest, student: User, form: AbsenceForm, status: int = 200, **more: Any
    ) -> HttpResponse:
        context = {"student": student, "form": form} | more
        return render(request, "attendance/absence_create.html", context, status=status)
