from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.access.permissions import StaffPage
from accounts.models import User
from appointments.forms.staff import SearchForm
from appointments.operations.read_needs import read_needs_of_student
from appointments.selectors.students import found_students, student_record
from eligibility.selectors.student_facts import student_context
from foundation.outcomes.refusals import result_or_refusal

STUDENTS_PER_PAGE = 25


def student_for(request: HttpRequest, public_id: str) -> User:
    seen = User.objects.visible_to(request.user).students()
    found: User = get_object_or_404(seen, public_id=public_id)
    return found


class StudentList(StaffPage):
    """Lists nobody until somebody searches."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = SearchForm(request.GET or None)
        words = form.cleaned_data["q"].strip() if form.is_bound and form.is_valid() else ""
        pages = Paginator(found_students(words, request.user), STUDENTS_PER_PAGE)
        context = {"form": form, "words": words, "page": pages.get_page(request.GET.get("page"))}
        return render(request, "appointments/student_list.html", context)


def profile_needs(student: User, user: User) -> dict[str, Any]:
    """The access needs in the student's profile, or why they cannot be shown. The rest of the page still works."""
    needs, refused = result_or_refusal(read_needs_of_student, student=student, by=user)
    return {"access_needs": needs or "", "needs_refused": refused}


class StudentDetail(StaffPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        student, now = student_for(request, public_id), timezone.now()
        facts = student_context(student.pk)
        today = facts.facts.today
        context = {
            "student": student,
            "record": student_record(student, facts, now),
            **profile_needs(student, request.user),
            "holds": [hold for hold in facts.facts.holds if hold.first <= today < hold.after],
        }
        return render(request, "appointments/student_detail.html", context)
