from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access.permissions import DiaryPage, StaffPage
from appointments.forms.staff import ALL, DayForm, TimeOutForm
from appointments.models import Booking, TimeOut
from appointments.operations.tell_who_must_move import tried
from appointments.operations.time_out import end_time_out, take_time_out
from appointments.selectors.rearrange import bookings_to_rearrange
from appointments.selectors.staff_pages import diary_owners
from appointments.views.asks_first import AsksFirst, about, reason_of
from appointments.views.staff_availability import DiaryForm, list_of, rearrange
from appointments.views.staff_choices import address, adviser_wanted, day_wanted
from foundation.outcomes.consequences import Consequence
from foundation.values.times import local_day
from foundation.web.operation_view import ActionView


class TimeOutCreate(AsksFirst, DiaryForm):
    """Blocks out time, also over bookings: asks first, and then lists those to rearrange."""

    template_name = "appointments/time_out_create.html"
    form_class = TimeOutForm

    def get_initial(self) -> dict[str, Any]:
        return {"first_day": day_wanted(self.request.GET.get("day", ""), local_day(timezone.now()))}

    def block_out(self, form: TimeOutForm) -> list[Booking]:
        (starts, ends), reason = form.span(), form.cleaned_data["reason"]
        _, hit = take_time_out(adviser=self.object, starts_at=starts, ends_at=ends, reason=reason, by=self.request.user)
        return hit

    def consequences(self, form: TimeOutForm) -> list[Consequence]:
        return about(tried(lambda: self.block_out(form)))

    def perform(self, form: TimeOutForm) -> HttpResponse:
        adviser, (starts, _) = self.object, form.span()
        if self.block_out(form):
            return rearrange(self.request, "Time blocked out.", adviser)
        messages.success(self.request, "Time blocked out.")
        return redirect(address(reverse("diary_week"), week=local_day(starts), adviser=adviser.public_id))


class TimeOutEnd(DiaryPage, ActionView):
    def get_object(self) -> TimeOut:
        seen = TimeOut.objects.visible_to(self.request.user).select_related("adviser")
        found: TimeOut = get_object_or_404(seen, public_id=self.kwargs["public_id"])
        return found

    def get_success_url(self) -> str:
        return list_of(self.object.adviser)

    def perform(self, form: forms.Form) -> HttpResponse:
        back = self.get_success_url()
        end_time_out(time_out=self.object, by=self.request.user)
        messages.success(self.request, "Time unblocked. Students can book its published times again.")
        return redirect(back)


class RearrangeList(StaffPage):
    """Upcoming bookings that cannot take place, each with the reason and its actions."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now, advisers = timezone.now(), diary_owners()
        adviser = adviser_wanted(request.GET.get("adviser", ""), request.user, advisers)
        bookings = bookings_to_rearrange(now)
        if adviser:
            bookings = bookings.filter(adviser=adviser.pk)
        whose = adviser.public_id if adviser else ALL
        context = {
            "rows": [(each, reason_of(each)) for each in bookings],
            "adviser": adviser,
            "form": DayForm(advisers=advisers, initial={"adviser": whose}),
            "here": address(reverse("rearrange_list"), adviser=whose),
        }
        return render(request, "appointments/rearrange_list.html", context)
