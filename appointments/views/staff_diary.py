from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access.permissions import StaffPage
from accounts.models import Role, User
from appointments.forms.staff import AdviserForm
from appointments.selectors.diary import diary_week
from appointments.selectors.staff_pages import DiaryOwner, diary_owners
from appointments.views.staff_choices import address, day_wanted, diary_wanted
from foundation.values.times import local_day, week_start


class DiaryWeek(StaffPage):
    """One adviser's week. All careers staff may see it (APPT-4); the adviser and managers may change it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now, advisers = timezone.now(), diary_owners()
        adviser = diary_wanted(request.GET.get("adviser", ""), request.user, advisers)
        if adviser is None:
            return render(request, "appointments/diary_none.html")
        monday = week_start(day_wanted(request.GET.get("week", ""), local_day(now)))
        context = {
            "adviser": adviser,
            "week": diary_week(adviser.pk, monday, now),
            "form": AdviserForm(advisers=advisers, initial={"week": monday, "adviser": adviser.public_id}),
            **whose_diary(adviser, request.user),
            **weeks_beside(monday, adviser.public_id),
        }
        return render(request, "appointments/diary_week.html", context)


def whose_diary(adviser: DiaryOwner, user: User) -> dict[str, bool]:
    is_own = adviser.pk == user.pk
    return {"is_own": is_own, "may_change": adviser.advises and (is_own or user.has_role(Role.CAREERS_MANAGER))}


def weeks_beside(monday: date, whose: str) -> dict[str, str]:
    page = reverse("diary_week")
    return {
        "previous_url": address(page, week=monday - timedelta(days=7), adviser=whose),
        "now_url": address(page, adviser=whose),
        "next_url": address(page, week=monday + timedelta(days=7), adviser=whose),
    }
