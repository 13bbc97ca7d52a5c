from django.urls import path

from appointments.views import (
    student_book,
    student_bookings,
    student_documents,
    student_move,
    student_times,
    student_types,
)

urlpatterns = [
    path("book/", student_types.TypeList.as_view(), name="type_list"),
    path("book/<slug:slug>/", student_times.TimeList.as_view(), name="time_list"),
    path("book/<slug:slug>/details/", student_book.BookingDetails.as_view(), name="booking_details"),
    path("book/<slug:slug>/check/", student_book.BookingCheck.as_view(), name="booking_check"),
    path("book/<slug:slug>/confirm/", student_book.BookingCreate.as_view(), name="booking_create"),
    path("appointments/", student_bookings.BookingList.as_view(), name="booking_list"),
    path("appointments/<slug:public_id>/", student_bookings.BookingDetail.as_view(), name="booking_detail"),
    path("appointments/<slug:public_id>/booked/", student_bookings.BookingBooked.as_view(), name="booking_booked"),
    path("appointments/<slug:public_id>/move/", student_move.BookingMove.as_view(), name="booking_move"),
    path(
        "appointments/<slug:public_id>/move/check/",
        student_move.BookingMoveCheck.as_view(),
        name="booking_move_check",
    ),
    path("appointments/<slug:public_id>/cancel/", student_bookings.BookingCancel.as_view(), name="booking_cancel"),
    path("appointments/<slug:public_id>/cancel/undo/", student_bookings.BookingUndo.as_view(), name="booking_undo"),
    path(
        "appointments/<slug:public_id>/documents/", student_documents.DocumentAttach.as_view(), name="document_attach"
    ),
    path(
        "appointments/<slug:public_id>/documents/<slug:document>/remove/",
        student_documents.DocumentDetach.as_view(),
        name="document_detach",
    ),
    path("appointments/<slug:public_id>/prepare/", student_bookings.BookingPrepare.as_view(), name="booking_prepare"),
    path(
        "appointments/<slug:public_id>/calendar.ics",
        student_bookings.BookingCalendar.as_view(),
        name="booking_calendar",
    ),
    path(
        "appointments/<slug:public_id>/recording/",
        student_bookings.RecordingPermission.as_view(),
        name="recording_permission",
    ),
]
