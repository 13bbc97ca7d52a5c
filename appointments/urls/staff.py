from django.urls import path

from appointments.views import (
    staff_availability,
    staff_book,
    staff_bookings,
    staff_diary,
    staff_joining,
    staff_move,
    staff_students,
    staff_time_out,
    staff_today,
    staff_undo,
)

urlpatterns = [
    path("today/", staff_today.Today.as_view(), name="today"),
    path("diary/", staff_diary.DiaryWeek.as_view(), name="diary_week"),
    path("rearrange/", staff_time_out.RearrangeList.as_view(), name="rearrange_list"),
]

urlpatterns += [
    path("availability/", staff_availability.AvailabilityList.as_view(), name="availability_list"),
    path("availability/online/", staff_joining.OnlineRoomEdit.as_view(), name="online_room_edit"),
    path("availability/new/", staff_availability.TemplateCreate.as_view(), name="template_create"),
    path("availability/<str:public_id>/", staff_availability.TemplateEdit.as_view(), name="template_edit"),
    path("availability/<str:public_id>/delete/", staff_availability.TemplateDelete.as_view(), name="template_delete"),
    path(
        "availability/<str:public_id>/publish/", staff_availability.TemplatePublish.as_view(), name="template_publish"
    ),
    path("blocks/new/", staff_availability.BlockCreate.as_view(), name="block_create"),
    path("blocks/<str:public_id>/withdraw/", staff_availability.BlockWithdraw.as_view(), name="block_withdraw"),
    path("time-out/new/", staff_time_out.TimeOutCreate.as_view(), name="time_out_create"),
    path("time-out/<str:public_id>/end/", staff_time_out.TimeOutEnd.as_view(), name="time_out_end"),
]

urlpatterns += [
    path("students/", staff_students.StudentList.as_view(), name="student_list"),
    path("students/<str:public_id>/", staff_students.StudentDetail.as_view(), name="student_detail"),
    path("students/<str:public_id>/book/", staff_book.StaffTypeList.as_view(), name="staff_type_list"),
    path("students/<str:public_id>/book/<slug:slug>/", staff_book.StaffTimeList.as_view(), name="staff_time_list"),
    path(
        "students/<str:public_id>/book/<slug:slug>/details/",
        staff_book.StaffBookingCreate.as_view(),
        name="staff_booking_create",
    ),
]

urlpatterns += [
    path("bookings/<str:public_id>/", staff_bookings.StaffBookingDetail.as_view(), name="staff_booking_detail"),
    path("bookings/<str:public_id>/attendance/", staff_bookings.AttendanceMark.as_view(), name="attendance_mark"),
    path("bookings/<str:public_id>/attendance/undo/", staff_undo.AttendanceUndo.as_view(), name="attendance_undo"),
    path(
        "bookings/<str:public_id>/attendance/reverse/",
        staff_bookings.AttendanceReverse.as_view(),
        name="attendance_reverse",
    ),
    path("bookings/<str:public_id>/close/", staff_bookings.StaffBookingClose.as_view(), name="staff_booking_close"),
    path("bookings/<str:public_id>/notes/", staff_bookings.NoteCreate.as_view(), name="note_create"),
    path("bookings/<str:public_id>/cancel/", staff_bookings.StaffBookingCancel.as_view(), name="staff_booking_cancel"),
    path("bookings/<str:public_id>/cancel/undo/", staff_undo.StaffBookingUndo.as_view(), name="staff_booking_undo"),
    path("bookings/<str:public_id>/joining/", staff_joining.JoiningEdit.as_view(), name="joining_edit"),
    path("bookings/<str:public_id>/move/", staff_move.StaffBookingMove.as_view(), name="staff_booking_move"),
    path(
        "bookings/<str:public_id>/move/check/",
        staff_move.StaffBookingMoveCheck.as_view(),
        name="staff_booking_move_check",
    ),
]
