"""Shows what a change would do to others, and asks, before it is saved."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from appointments.models import Booking
from appointments.rules.taking_place import hindrance_words
from appointments.selectors.shared_rooms import ROOM
from foundation.outcomes.consequences import Consequence, seal_of
from foundation.outcomes.refusals import result_or_refusal
from foundation.web.operation_view import OperationView

CONFIRMED = "confirmed"


class AsksFirst(OperationView):
    """Before `OperationView` in the bases. The page includes `appointments/parts/consequences.html` in its form."""

    def consequences(self, form: Any) -> list[Consequence]:
        """What saving would do to others. May raise Refused, as saving would."""
        return []

    def form_valid(self, form: Any) -> HttpResponse:
        found, refused = result_or_refusal(self.consequences, form)
        if refused:
            return self.form_refused(form, refused)
        if found and self.request.POST.get(CONFIRMED) != seal_of(found):
            self.object = self.get_object()
            return self.render_form(form, 409, **asked(found))
        return super().form_valid(form)


def asked(found: list[Consequence]) -> dict[str, Any]:
    """The context of the page that asks."""
    return {
        "hit": [each for each in found if not each.key.startswith(ROOM)],
        "shared": [each for each in found if each.key.startswith(ROOM)],
        "seal": seal_of(found),
    }


def reason_of(booking: Booking) -> str:
    return hindrance_words(booking.hindrance, booking.adviser.name, booking.location.name)


def about(bookings: Iterable[Booking]) -> list[Consequence]:
    """Bookings that can no longer take place, for careers staff. No query if they were read `with_people`."""
    return [
        Consequence(
            each.public_id,
            f"{each.when}: {each.student.name}, {each.type.name}. {reason_of(each)}",
            reverse("staff_booking_detail", args=[each.public_id]),
        )
        for each in bookings
    ]
