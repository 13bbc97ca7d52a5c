from django.urls import path

from careerconnect.attendance import manager, student

urlpatterns = [
    path("missed/", student.StrikeList.as_view(), name="strike_list"),
    path("staff/attendance/", manager.ReviewList.as_view(), name="review_list"),
    path("staff/attendance/holds/<slug:public_id>/lift/", manager.HoldLift.as_view(), name="hold_lift"),
    path("staff/attendance/strikes/<slug:public_id>/excuse/", manager.StrikeExcuse.as_view(), name="strike_excuse"),
    path("staff/attendance/reviews/<slug:public_id>/close/", manager.ReviewClose.as_view(), name="review_close"),
    path("staff/attendance/<slug:public_id>/", manager.AttendanceStory.as_view(), name="attendance_story"),
    path("staff/attendance/<slug:public_id>/hold/", manager.HoldCreate.as_view(), name="hold_create"),
    path("staff/attendance/<slug:public_id>/absence/", manager.AbsenceCreate.as_view(), name="absence_create"),
]
