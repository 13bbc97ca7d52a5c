from django.urls import path

from events.views import student

urlpatterns = [
    path("events/<slug:public_id>/register/", student.RegistrationCreate.as_view(), name="registration_create"),
    path("events/series/<slug:public_id>/register/", student.SeriesRegister.as_view(), name="series_register"),
    path("events/<slug:public_id>/wait/", student.WaitingJoin.as_view(), name="waiting_join"),
    path("waiting/<slug:public_id>/", student.WaitingDetail.as_view(), name="waiting_detail"),
    path("waiting/<slug:public_id>/offer/", student.WaitingOffer.as_view(), name="waiting_offer"),
    path("waiting/<slug:public_id>/leave/", student.WaitingLeave.as_view(), name="waiting_leave"),
    path("registrations/", student.RegistrationList.as_view(), name="registration_list"),
    path("registrations/<slug:public_id>/", student.RegistrationDetail.as_view(), name="registration_detail"),
    path("registrations/<slug:public_id>/cancel/", student.RegistrationCancel.as_view(), name="registration_cancel"),
    path("registrations/<slug:public_id>/undo/", student.RegistrationUndo.as_view(), name="registration_undo"),
    path("registrations/<slug:public_id>/coming/", student.StillComing.as_view(), name="still_coming"),
    path("registrations/<slug:public_id>/feedback/", student.FeedbackCreate.as_view(), name="feedback_create"),
    path(
        "registrations/<slug:public_id>/calendar.ics",
        student.RegistrationCalendar.as_view(),
        name="registration_calendar",
    ),
]
