"""`/api/v1/`. Every address works with and without a trailing slash; the schema lists the one with it."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.views import APIView

from accounts.api import MeAPI, TokenListAPI
from appointments.api.bookings import BookingCancelAPI, BookingDetailAPI, BookingListAPI, BookingMoveAPI
from appointments.api.free_times import FreeTimeListAPI
from appointments.api.staff import AttendanceAPI, AttendanceReverseAPI, DiaryAPI
from appointments.api.types import TypeDetailAPI, TypeListAPI
from documents.api import DocumentDeleteAPI, DocumentDetailAPI, DocumentListAPI
from eligibility.api import ActivityResultListAPI
from events.api.events import EventDetailAPI, EventListAPI
from events.api.registrations import (
    CheckInAPI,
    CheckInUndoAPI,
    RegistrationCancelAPI,
    RegistrationDetailAPI,
    RegistrationListAPI,
    StillComingAPI,
)
from events.api.waiting import WaitingAcceptAPI, WaitingDetailAPI, WaitingLeaveAPI, WaitingListAPI
from portal.api.eligibility import EligibilityAPI
from portal.api.index import Index, NotFound
from queries.api import (
    QueryAssignAPI,
    QueryDetailAPI,
    QueryInboxAPI,
    QueryListAPI,
    QueryReopenAPI,
    QueryReplyAPI,
    QueryResolveAPI,
)
from retention.api import AlumniContactListAPI

ROUTES: list[tuple[str, type[APIView], str]] = [
    ("schema", SpectacularAPIView, "api_schema"),
    ("me", MeAPI, "api_me"),
    ("tokens", TokenListAPI, "api_token_list"),
    ("appointment-types", TypeListAPI, "api_type_list"),
    ("appointment-types/<str:named>", TypeDetailAPI, "api_type_detail"),
    ("eligibility", EligibilityAPI, "api_eligibility"),
    ("free-times", FreeTimeListAPI, "api_free_times"),
    ("bookings", BookingListAPI, "api_booking_list"),
    ("bookings/<str:public_id>", BookingDetailAPI, "api_booking_detail"),
    ("bookings/<str:public_id>/move", BookingMoveAPI, "api_booking_move"),
    ("bookings/<str:public_id>/cancel", BookingCancelAPI, "api_booking_cancel"),
    ("bookings/<str:public_id>/attendance", AttendanceAPI, "api_attendance"),
    ("bookings/<str:public_id>/attendance/reverse", AttendanceReverseAPI, "api_attendance_reverse"),
    ("diary", DiaryAPI, "api_diary"),
    ("activity-results", ActivityResultListAPI, "api_activity_results"),
    ("documents", DocumentListAPI, "api_document_list"),
    ("documents/<str:public_id>", DocumentDetailAPI, "api_document_detail"),
    ("documents/<str:public_id>/delete", DocumentDeleteAPI, "api_document_delete"),
    ("events", EventListAPI, "api_event_list"),
    ("events/<str:public_id>", EventDetailAPI, "api_event_detail"),
    ("registrations", RegistrationListAPI, "api_registration_list"),
    ("registrations/<str:public_id>", RegistrationDetailAPI, "api_registration_detail"),
    ("registrations/<str:public_id>/cancel", RegistrationCancelAPI, "api_registration_cancel"),
    ("registrations/<str:public_id>/still-coming", StillComingAPI, "api_still_coming"),
    ("registrations/<str:public_id>/check-in", CheckInAPI, "api_check_in"),
    ("registrations/<str:public_id>/check-in/undo", CheckInUndoAPI, "api_check_in_undo"),
    ("waiting-list", WaitingListAPI, "api_waiting_list"),
    ("waiting-list/<str:public_id>", WaitingDetailAPI, "api_waiting_detail"),
    ("waiting-list/<str:public_id>/accept", WaitingAcceptAPI, "api_waiting_accept"),
    ("waiting-list/<str:public_id>/leave", WaitingLeaveAPI, "api_waiting_leave"),
    ("queries", QueryListAPI, "api_query_list"),
    ("queries/<str:public_id>", QueryDetailAPI, "api_query_detail"),
    ("queries/<str:public_id>/reply", QueryReplyAPI, "api_query_reply"),
    ("queries/<str:public_id>/resolve", QueryResolveAPI, "api_query_resolve"),
    ("queries/<str:public_id>/reopen", QueryReopenAPI, "api_query_reopen"),
    ("queries/<str:public_id>/assign", QueryAssignAPI, "api_query_assign"),
    ("query-inbox", QueryInboxAPI, "api_query_inbox"),
    ("alumni-contacts", AlumniContactListAPI, "api_alumni_contact_list"),
]


def _hidden(view: type[APIView]) -> Callable[..., Any]:
    """The same view, hidden from the schema."""
    return view.as_view(schema=None)


urlpatterns: list[URLPattern] = [
    path("", Index.as_view(), name="api_index"),
    *(path(f"{route}/", view.as_view(), name=name) for route, view, name in ROUTES),
    *(path(route, _hidden(view)) for route, view, _ in ROUTES),
    re_path("", _hidden(NotFound)),
]
