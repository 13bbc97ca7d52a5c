"""The things of all apps that the trail links to. Things that no page of the trail shows are not among them."""

from accounts.models import FeedRun, User
from accounts.selectors.trail_pages import THING_PAGES, ThingPage
from appointments.models import Booking
from appointments.models.booking import BookingQuerySet
from queries.models import Query
from retention.models import NoticeVersion, PurgeRun


def _bookings(reader: User) -> BookingQuerySet:
    found: BookingQuerySet = Booking.objects.visible_to(reader) if reader.is_careers_staff else Booking.objects.none()
    return found


def register_trail_pages() -> None:
    THING_PAGES.update(
        booking=ThingPage("staff_booking_detail", _bookings),
        feed_run=ThingPage("feed_run_detail", FeedRun.objects.visible_to),
        privacy_notice=ThingPage("notice_version_detail", lambda _: NoticeVersion.objects.all(), key="number"),
        purge_run=ThingPage("purge_run_detail", PurgeRun.objects.visible_to),
        query=ThingPage("query_answer", Query.objects.answered_by),
    )
