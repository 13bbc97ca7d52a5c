"""Home, absences, policies, health: pages about several apps."""

from django.contrib.sitemaps.views import index, sitemap
from django.urls import path
from django.views.decorators.http import require_safe

from portal.api.eligibility import EligibilityJson
from portal.views import absences_staff, absences_student, arrivals, health, home
from portal.views.api_problems import ApiProblemDetail, ApiProblemList
from portal.views.configuration import Configuration
from portal.views.search_engines import SITEMAP_INDEX, SITEMAPS, robots_txt
from portal.views.system_status import SystemStatus, metrics

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("configuration/", Configuration.as_view(), name="configuration"),
    path("configuration/status/", SystemStatus.as_view(), name="system_status"),
    path("metrics", metrics, name="metrics"),
    path("profile/held/", home.HeldList.as_view(), name="held_list"),
    path("profile/readings/", home.ReadingList.as_view(), name="reading_list"),
    path("eligibility/", home.EligibilityList.as_view(), name="eligibility_list"),
    path("eligibility.json", EligibilityJson.as_view(), name="eligibility_json"),
    path("policies/", home.Policies.as_view(), name="policies"),
    path("accessibility/", home.Accessibility.as_view(), name="accessibility"),
    path("staff/arrivals-device/", arrivals.ArrivalsDeviceCreate.as_view(), name="arrivals_device_create"),
    path("arrivals/", arrivals.ArrivalsDoor.as_view(), name="arrivals_door"),
    path("theme/", home.ThemeChoose.as_view(), name="theme_choose"),
    path("robots.txt", robots_txt, name="robots_txt"),
    path("sitemap.xml", require_safe(index), SITEMAP_INDEX, name="sitemap"),
    path("sitemap-<section>.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap_section"),
    path("brand.css", home.brand_css, name="brand_css"),
    path("api/problems/", ApiProblemList.as_view(), name="api_problem_list"),
    path("api/problems/<slug:code>/", ApiProblemDetail.as_view(), name="api_problem_detail"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("health/work", health.work, name="health_work"),
    path("health/retention", health.retention, name="health_retention"),
    path("missed/", absences_student.StrikeList.as_view(), name="strike_list"),
    path("staff/attendance/", absences_staff.ReviewList.as_view(), name="review_list"),
    path("staff/attendance/holds/<slug:public_id>/lift/", absences_staff.HoldLift.as_view(), name="hold_lift"),
    path(
        "staff/attendance/strikes/<slug:public_id>/excuse/", absences_staff.StrikeExcuse.as_view(), name="strike_excuse"
    ),
    path("staff/attendance/reviews/<slug:public_id>/close/", absences_staff.ReviewClose.as_view(), name="review_close"),
    path("staff/attendance/<slug:public_id>/", absences_staff.AttendanceStory.as_view(), name="attendance_story"),
    path("staff/attendance/<slug:public_id>/hold/", absences_staff.HoldCreate.as_view(), name="hold_create"),
    path("staff/attendance/<slug:public_id>/absence/", absences_staff.AbsenceCreate.as_view(), name="absence_create"),
]
