from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access.permissions import StudentPage
from appointments.forms.student import DetailsForm, as_initial
from appointments.models import Booking
from appointments.notices.calendar_file import calendar_file
from appointments.operations.cancel import cancel_booking
from appointments.operations.choice import Details
from appointments.operations.details import change_details, set_recording_permission
from appointments.operations.read_needs import own_needs
from appointments.operations.undo_cancellation import undo_cancellation
from appointments.rules.booking import may_change, may_move_or_cancel
from appointments.selectors.situations import situations_of
from appointments.selectors.student_bookings import ShownBooking, coming_words, past_bookings, upcoming_bookings
from appointments.views.student_book import forget_draft
from appointments.views.student_refusals import TITLES, RefusalPage
from documents.selectors.documents import documents_of_source
from foundation.outcomes.refusals import Refused, require
from foundation.outcomes.versions import CHANGED, Changed
from foundation.values.times import database_now
from foundation.web.operation_view import OperationView
from foundation.web.undo_offer import say_done
from foundation.web.versions import SavedValue, name_seen_version, saved_values
from places.models import MeetingMode

PER_PAGE = 10


class BookingList(StudentPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        now, past = database_now(), request.GET.get("show") == "past"
        mine = Booking.objects.visible_to(request.user).filter(student=request.user.pk)
        found = past_bookings(mine, now) if past else upcoming_bookings(mine, now)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        here = reverse("booking_list")
        tabs = [
            {"label": "Upcoming", "url": here, "current": not past},
            {"label": "Past and cancelled", "url": f"{here}?show=past", "current": past},
        ]
        cards = [ShownBooking(booking, now) for booking in page.object_list]
        context = {"page": page, "cards": cards, "tabs": tabs, "past": past}
        context |= {"situations": situations_of(request.user.pk)}
        return render(request, "appointments/booking_list.html", context)


class StudentBookingPage(RefusalPage):
    """A page about one of the student's own bookings; 404 for anybody else's."""

    booking: Booking

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.is_student:
            mine = Booking.objects.visible_to(request.user).filter(student=request.user.pk).with_people()
            mine = mine.select_related("needs")
            self.booking = get_object_or_404(mine, public_id=kwargs["public_id"])
            name_seen_version(self.booking, request)
        return super().dispatch(request, *args, **kwargs)

    def refused(self, refused: Refused) -> HttpResponseBase:
        """A form about a booking that has changed comes back with the booking as it is now, if the page has one. Back
        after cancelling shows the booking."""
        if self.request.method == "GET" and self.booking.is_cancelled:
            return redirect("booking_detail", self.booking.public_id)
        if isinstance(refused, Changed):
            self.booking.refresh_from_db(from_queryset=Booking.objects.with_people().select_related("needs"))
            if again := self.again():
                said = {"refused": refused, "refused_title": TITLES[CHANGED]}
                return self.page(again.pop("template"), refused.status, **said, **again)
        return super().refused(refused)

    def again(self) -> dict[str, Any]:
        """The template of the form, and what its page needs to be shown again."""
        return {}

    def links(self) -> dict[str, str]:
        here = reverse("booking_detail", args=[self.booking.public_id])
        return {"times": here, "times_words": "See this appointment", "onward": ""}

    def page(self, template: str, status: int = 200, **more: Any) -> HttpResponse:
        return render(self.request, template, {**self.shown(), **more}, status=status)

    def shown(self) -> dict[str, Any]:
        shown = ShownBooking(self.booking, database_now())
        return {"shown": shown, "booking": self.booking, "access_needs": own_needs(self.booking)}


class BookingDetail(StudentBookingPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        attached = documents_of_source(self.booking.source, request.user)
        return self.page("appointments/booking_detail.html", coming=coming_words(self.booking), attached=attached)


class BookingBooked(StudentBookingPage):
    """The confirmation page after booking or moving. A cancelled booking redirects to its details."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        if not self.booking.occupies_time:
            return redirect("booking_detail", public_id)
        forget_draft(request)
        attached = documents_of_source(self.booking.source, request.user)
        return self.page("appointments/booking_booked.html", coming=coming_words(self.booking), attached=attached)


class BookingCancel(StudentBookingPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        require(may_move_or_cancel(self.booking, database_now()))
        return self.page("appointments/booking_cancel.html")

    def again(self) -> dict[str, Any]:
        return {"template": "appointments/booking_cancel.html"}

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        if not self.booking.is_cancelled:
            cancel_booking(booking=self.booking, by=request.user, undo=True)
        undo = reverse("booking_undo", args=[public_id])
        say_done(request, "Appointment cancelled. We’ll email you a confirmation.", undo)
        return redirect("booking_detail", public_id)


class BookingUndo(StudentBookingPage):
    """Undoes the cancellation of a moment ago. If the time has gone, the page offers others."""

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        undo_cancellation(booking=self.booking, by=request.user)
        messages.success(request, "Undone. Your appointment is booked as before.")
        return redirect("booking_detail", public_id)

    def links(self) -> dict[str, str]:
        if self.booking.is_cancelled and self.booking.type.is_offered:
            of = [self.booking.type.slug]
            times, onward = reverse("time_list", args=of), reverse("booking_details", args=of)
            return {"times": times, "times_words": "Book again", "onward": onward}
        return super().links()


class BookingCalendar(StudentBookingPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        answer = HttpResponse(calendar_file(self.booking), content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="appointment-{public_id}.ics"'
        return answer


class BookingPrepare(StudentBookingPage, OperationView):
    """Changes what the student tells the adviser beforehand."""

    template_name = "appointments/booking_prepare.html"
    form_class, context_object_name = DetailsForm, "booking"
    changed_title = TITLES[CHANGED]

    def get_object(self) -> Booking:
        return self.booking

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(may_change(self.booking, database_now()))
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return as_initial(_details_of(self.booking))

    def get_form(self, form_class: Any = None) -> DetailsForm:
        """Permission to record has its own button."""
        mode = self.booking.mode if self.booking.mode == MeetingMode.TELEPHONE else ""
        return DetailsForm(self.booking.type, mode, **self.get_form_kwargs())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**self.shown(), **super().get_context_data(**kwargs)}

    def perform(self, form: DetailsForm) -> HttpResponse:
        change_details(booking=self.booking, details=form.details(), by=self.request.user)
        messages.success(self.request, "Your adviser will see this.")
        return redirect("booking_detail", self.booking.public_id)

    def form_refused(self, form: DetailsForm, refused: Refused) -> HttpResponse:
        if not isinstance(refused, Changed):
            raise refused
        self.booking.refresh_from_db(from_queryset=Booking.objects.with_people().select_related("needs"))
        return super().form_refused(form, refused)

    def saved_meanwhile(self, form: DetailsForm) -> list[SavedValue]:
        return saved_values(form, as_initial(_details_of(self.booking)))


def _details_of(booking: Booking) -> Details:
    return Details(booking.topic, booking.help_wanted, own_needs(booking), booking.answers, phone=booking.phone)


class RecordingPermission(StudentBookingPage):
    """Permits or forbids recording (APPT-3)."""

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        given = request.POST.get("permission") == "give"
        set_recording_permission(booking=self.booking, given=given, by=request.user)
        said = "You allow this appointment to be recorded." if given else "This appointment will not be recorded."
        messages.success(request, said)
        return redirect("booking_detail", public_id)
