"""Links and numbers. Only the two who meet read a link; other careers staff can replace it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from accounts.access.permissions import StaffPage
from appointments.forms.joining import LinkForm, NumberForm
from appointments.models import Booking, OnlineRoom
from appointments.operations.joining import change_joining, set_online_room
from appointments.rules.joining import link_of, may_see_link
from appointments.views.staff_availability import DiaryForm, list_of
from appointments.views.staff_bookings import booking_for
from foundation.values.telephones import shown_number
from foundation.web.operation_view import FieldOperationView
from places.models import MeetingMode


class JoiningEdit(StaffPage, FieldOperationView):
    """The link of an online appointment, or the number of a telephone one. 404 for one in person."""

    template_name = "appointments/joining_edit.html"
    context_object_name = "booking"

    def get_object(self) -> Booking:
        booking = booking_for(self.request, self.kwargs["public_id"])
        if booking.mode == MeetingMode.IN_PERSON:
            raise Http404
        return booking

    def get_form_class(self) -> type[forms.Form]:
        return LinkForm if self.object.mode == MeetingMode.ONLINE else NumberForm

    def get_form_kwargs(self) -> dict[str, Any]:
        is_online = self.object.mode == MeetingMode.ONLINE
        is_own = self.object.adviser == self.request.user
        return super().get_form_kwargs() | ({"is_own": is_own} if is_online else {})

    def get_initial(self) -> dict[str, Any]:
        booking = self.object
        link = booking.own_link if may_see_link(booking, self.request.user) else ""
        return {"link": link, "phone": shown_number(booking.phone)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        booking = self.object
        shown = link_of(booking) if may_see_link(booking, self.request.user) else ""
        return super().get_context_data(**kwargs) | {"link": shown, "is_online": booking.mode == MeetingMode.ONLINE}

    def perform(self, form: forms.Form) -> HttpResponse:
        change_joining(booking=self.object, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Saved. We email {self.object.student.name} if something changes for them.")
        return redirect("staff_booking_detail", self.object.public_id)


class OnlineRoomEdit(DiaryForm):
    """An adviser's own link. A manager can replace it, but not read it."""

    template_name = "appointments/online_room_edit.html"
    form_class = LinkForm

    def is_own(self) -> bool:
        return bool(self.adviser() == self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"is_own": self.is_own()}

    def get_initial(self) -> dict[str, Any]:
        room = OnlineRoom.objects.filter(adviser=self.adviser()).first() if self.is_own() else None
        return {"link": room.link if room else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"back": list_of(self.adviser())}

    def perform(self, form: LinkForm) -> HttpResponse:
        set_online_room(adviser=self.adviser(), link=form.cleaned_data["link"], by=self.request.user)
        messages.success(self.request, "Saved. We email students whose link changes.")
        return redirect(list_of(self.adviser()))
