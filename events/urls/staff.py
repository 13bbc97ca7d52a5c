from django.urls import path

from events.views import report, staff, staff_people

urlpatterns = [
    path("staff/events/", staff.StaffEventList.as_view(), name="staff_event_list"),
    path("staff/events/new/", staff.EventCreate.as_view(), name="event_create"),
    path("staff/events/<slug:public_id>/", staff.StaffEventDetail.as_view(), name="staff_event_detail"),
    path("staff/events/<slug:public_id>/edit/", staff.EventEdit.as_view(), name="event_edit"),
    path("staff/events/<slug:public_id>/times/", staff.EventTimes.as_view(), name="event_times"),
    path("staff/events/<slug:public_id>/places/", staff.EventPlacesEdit.as_view(), name="event_places_edit"),
    path("staff/events/<slug:public_id>/people/", staff.EventPeople.as_view(), name="event_people"),
    path("staff/events/<slug:public_id>/questions/", staff.EventQuestions.as_view(), name="event_questions"),
    path("staff/events/<slug:public_id>/reserves/", staff.EventReserves.as_view(), name="event_reserves"),
    path("staff/events/<slug:public_id>/picture/", staff.EventPictureEdit.as_view(), name="event_picture_edit"),
    path("staff/events/<slug:public_id>/publish/", staff.EventPublish.as_view(), name="event_publish"),
    path("staff/events/<slug:public_id>/cancel/", staff.EventCancel.as_view(), name="event_cancel"),
    path("staff/events/<slug:public_id>/copy/", staff.EventCopy.as_view(), name="event_copy"),
    path("staff/events/<slug:public_id>/series/", staff.SeriesCreate.as_view(), name="series_create"),
    path("staff/events/<slug:public_id>/series/publish/", staff.SeriesPublish.as_view(), name="series_publish"),
    path("staff/events/<slug:public_id>/message/", staff.EventMessage.as_view(), name="event_message"),
    path(
        "staff/events/<slug:public_id>/registrations/",
        staff_people.EventRegistrations.as_view(),
        name="event_registrations",
    ),
    path(
        "staff/events/<slug:public_id>/registrations.csv",
        staff_people.EventAnswersExport.as_view(),
        name="event_answers_export",
    ),
    path(
        "staff/events/<slug:public_id>/employers.csv",
        staff_people.EventEmployerExport.as_view(),
        name="event_employer_export",
    ),
    path("staff/events/<slug:public_id>/print/", staff_people.EventPrint.as_view(), name="event_print"),
    path("staff/events/<slug:public_id>/badges/", staff_people.EventBadges.as_view(), name="event_badges"),
    path(
        "staff/events/<slug:public_id>/register/",
        staff_people.StaffRegistrationCreate.as_view(),
        name="staff_registration_create",
    ),
    path(
        "staff/registrations/<slug:public_id>/cancel/",
        staff_people.StaffRegistrationCancel.as_view(),
        name="staff_registration_cancel",
    ),
    path("staff/events/<slug:public_id>/attendance/", staff_people.EventAttendance.as_view(), name="event_attendance"),
    path(
        "staff/events/<slug:public_id>/attendance/reopen/",
        staff_people.EventAttendanceReopen.as_view(),
        name="event_attendance_reopen",
    ),
    path("staff/events/<slug:public_id>/report/", report.EventReport.as_view(), name="event_report"),
    path(
        "staff/events/<slug:public_id>/report/record/",
        report.EventReportRecord.as_view(),
        name="event_report_record",
    ),
    path(
        "staff/events/<slug:public_id>/report/remove/",
        report.EventReportRemove.as_view(),
        name="event_report_remove",
    ),
]
