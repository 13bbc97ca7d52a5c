"""A tablet at the front desk: students scan their University card, and their adviser sees that they are here."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access.permissions import StaffPage, signed_in
from appointments.models import BookingStatus
from appointments.operations.attendance import mark_attendance
from appointments.selectors.arrivals import booking_to_arrive_for
from events.models import CheckInDevice
from events.operations.devices import open_device
from events.views.door import DeviceForm, DevicePage, leave_to
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from foundation.web.operation_view import OperationView


class ArrivalsDeviceCreate(StaffPage, OperationView):
    """Turns this browser into a device for arrivals. The colleague is signed out of it."""

    template_name = "home/arrivals_device_create.html"
    form_class = DeviceForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_ones = CheckInDevice.objects.filter(event=None, ended_at=None, expires_at__gt=database_now())
        return super().get_context_data(**kwargs) | {"devices": open_ones.order_by("opened_at")}

    def get_success_url(self) -> str:
        return reverse("today")

    def perform(self, form: Any) -> HttpResponse:
        device, token = open_device(event=None, by=signed_in(self.request), **form.cleaned_data)
        return leave_to(device, token, self.request, "arrivals_door")


class ArrivalsDoor(DevicePage):
    """The tablet. It shows the time of the appointment and no name: anybody can type a number."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "home/arrivals_door.html")

    def post(self, request: HttpRequest) -> HttpResponse:
        number, context = request.POST.get("number", "").strip()[:40], dict[str, Any]()
        booking = booking_to_arrive_for(number, database_now()) if number else None
        try:
            if booking is None:
                raise Refused("unknown_number", "We found no appointment for this number now.", "Ask at the desk.")
            if booking.status != BookingStatus.ARRIVED:
                mark_attendance(booking=booking, outcome="arrived", by=self.device.opened_by)
            context["booking"] = booking
        except Refused as refused:
            context["refused"] = refused
        return render(request, "home/arrivals_door.html", context, status=409 if "refused" in context else 200)
