"""`/api/v1/`. Every address answers with and without its last slash; the schema names the one with it."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.views import APIView

from accounts.api import Me, TokenList
from appointments.api.bookings import BookingCancel, BookingDetail, BookingList, BookingMove
from appointments.api.free_times import FreeTimeList
from appointments.api.staff import Attendance, AttendanceReverse, DiaryList
from appointments.api.types import TypeDetail, TypeList
from careerconnect.api_index import Index, NotFound
from careerconnect.home.eligibility_api import EligibilityDoor
from documents.api import DocumentDelete, DocumentDetail, DocumentList
from eligibility.api import ActivityResultList
from queries.api import (
    ApiQueryAssign,
    ApiQueryDetail,
    ApiQueryInbox,
    ApiQueryList,
    ApiQueryReopen,
    ApiQueryReply,
    ApiQueryResolve,
)
from retention.api import AlumniContactList

ROUTES: list[tuple[str, type[APIView], str]] = [
    ("schema", SpectacularAPIView, "api_schema"),
    ("me", Me, "api_me"),
    ("tokens", TokenList, "api_token_list"),
    ("appointment-types", TypeList, "api_type_list"),
    ("appointment-types/<str:named>", TypeDetail, "api_type_detail"),
    ("eligibility", EligibilityDoor, "api_eligibility"),
    ("free-times", FreeTimeList, "api_free_times"),
    ("bookings", BookingList, "api_booking_list"),
    ("bookings/<str:public_id>", BookingDetail, "api_booking_detail"),
    ("bookings/<str:public_id>/move", BookingMove, "api_booking_move"),
    ("bookings/<str:public_id>/cancel", BookingCancel, "api_booking_cancel"),
    ("bookings/<str:public_id>/attendance", Attendance, "api_attendance"),
    ("bookings/<str:public_id>/attendance/reverse", AttendanceReverse, "api_attendance_reverse"),
    ("diary", DiaryList, "api_diary"),
    ("activity-results", ActivityResultList, "api_activity_results"),
    ("documents", DocumentList, "api_document_list"),
    ("documents/<str:public_id>", DocumentDetail, "api_document_detail"),
    ("documents/<str:public_id>/delete", DocumentDelete, "api_document_delete"),
    ("queries", ApiQueryList, "api_query_list"),
    ("queries/<str:public_id>", ApiQueryDetail, "api_query_detail"),
    ("queries/<str:public_id>/reply", ApiQueryReply, "api_query_reply"),
    ("queries/<str:public_id>/resolve", ApiQueryResolve, "api_query_resolve"),
    ("queries/<str:public_id>/reopen", ApiQueryReopen, "api_query_reopen"),
    ("queries/<str:public_id>/assign", ApiQueryAssign, "api_query_assign"),
    ("query-inbox", ApiQueryInbox, "api_query_inbox"),
    ("alumni-contacts", AlumniContactList, "api_alumni_contact_list"),
]


def _hidden(view: type[APIView]) -> Callable[..., Any]:
    """The same view, left out of the schema."""
    return view.as_view(schema=None)


urlpatterns: list[URLPattern] = [
    path("", Index.as_view(), name="api_index"),
    *(path(f"{route}/", view.as_view(), name=name) for route, view, name in ROUTES),
    *(path(route, _hidden(view)) for route, view, _ in ROUTES),
    re_path("", _hidden(NotFound)),
]
