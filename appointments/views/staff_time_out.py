from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access.permissions import DiaryPage, StaffPage
from appointments.forms.staff import ALL, DayForm, TimeOutForm, refuse_into
from appointments.models import TimeOut
from appointments.operations.time_out import end_time_out, take_time_out
from appointments.selectors.rearrange import bookings_to_rearrange
from appointments.selectors.staff_pages import diary_owners
from appointments.views.staff_availability import DiaryForm, list_of
from appointments.views.staff_choices import address, adviser_wanted, day_wanted
from foundation.outcomes.refusals import Refused
from foundation.values.times import local_day


class TimeOutCreate(DiaryForm):
    """Also over bookings: what is to be rearranged comes next."""

    template_name = "appointments/time_out_create.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        day = day_wanted(request.GET.get("day", ""), local_day(timezone.now()))
        return self.page(self.adviser(), TimeOutForm(initial={"first_day": day}))

    def post(self, request: HttpRequest) -> HttpResponse:
        adviser, form = self.adviser(), TimeOutForm(request.POST)
        if not form.is_valid():
            return self.page(adviser, form, 422)
        starts, ends = form.span()
        reason = form.cleaned_data["reason"]
        try:
            _, over = take_time_out(adviser=adviser, starts_at=starts, ends_at=ends, reason=reason, by=request.user)
        except Refused as refused:
            refuse_into(form, refused)
            return self.page(adviser, form, refused.status)
        if over:
            messages.warning(request, "The time out is kept. These appointments lie in it and must be rearranged.")
            return redirect(address(reverse("rearrange_list"), adviser=adviser.public_id))
        messages.success(request, "The time out is kept: nothing new is offered then.")
        return redirect(address(reverse("diary_week"), week=local_day(starts), adviser=adviser.public_id))


class TimeOutEnd(DiaryPage):
    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        seen = TimeOut.objects.visible_to(request.user).select_related("adviser")
        away = get_object_or_404(seen, public_id=public_id)
        adviser = away.adviser
        end_time_out(time_out=away, by=request.user)
        messages.success(request, "The time out is over: its published times are offered again.")
        return redirect(list_of(adviser))


class RearrangeList(StaffPage):
    """Upcoming bookings in somebody's time out, each with what can be done."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now, advisers = timezone.now(), diary_owners()
        adviser = adviser_wanted(request.GET.get("adviser", ""), request.user, advisers)
        bookings = bookings_to_rearrange(now)
        if adviser:
            bookings = bookings.filter(adviser=adviser)
        whose = adviser.public_id if adviser else ALL
        form = DayForm(advisers=advisers, initial={"adviser": whose})
        here = address(reverse("rearrange_list"), adviser=whose)
        context = {"bookings": list(bookings), "adviser": adviser, "form": form, "here": here}
        return render(request, "appointments/rearrange_list.html", context)
