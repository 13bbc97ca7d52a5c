from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from careerconnect import health
from careerconnect.api_index import NotFound
from careerconnect.home import views as home
from careerconnect.home.api_problems import ApiProblemDetail, ApiProblemList
from careerconnect.home.configuration import Configuration
from careerconnect.home.eligibility_api import EligibilityJson

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("", include("accounts.urls")),
    path("", include("appointments.urls")),
    path("configuration/results/", include("eligibility.activity_urls")),
    path("security/", include("security.urls")),
    path("", include("documents.urls")),
    path("", include("careerconnect.attendance.urls")),
    path("", include("queries.urls")),
    path("wellbeing/", include("wellbeing.urls")),
    path("", include("retention.urls")),
    path("api/v1/", include("careerconnect.api_urls")),
    path("api/problems/", ApiProblemList.as_view(), name="api_problem_list"),
    path("api/problems/<slug:code>/", ApiProblemDetail.as_view(), name="api_problem_detail"),
    re_path(r"^api/(?!v1$)", NotFound.as_view(schema=None)),
    path("accounts/", include("accounts.sign_in_urls")),
    path("configuration/", Configuration.as_view(), name="configuration"),
    path("configuration/", include("careerconnect.rule_editor.urls")),
    path("profile/held/", home.HeldList.as_view(), name="held_list"),
    path("profile/readings/", home.ReadingList.as_view(), name="reading_list"),
    path("eligibility/", home.EligibilityList.as_view(), name="eligibility_list"),
    path("eligibility.json", EligibilityJson.as_view(), name="eligibility_json"),
    path("policies/", home.Policies.as_view(), name="policies"),
    path("accessibility/", home.Accessibility.as_view(), name="accessibility"),
    path("theme/", home.ThemeChoose.as_view(), name="theme_choose"),
    path("brand.css", home.brand_css, name="brand_css"),
    path("admin/", admin.site.urls),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("health/work", health.work, name="health_work"),
    path("health/retention", health.retention, name="health_retention"),
]

if settings.ANYMAIL.get("WEBHOOK_SECRET"):
    urlpatterns += [path("inbound/", include("anymail.urls"))]

if settings.DEMONSTRATION:
    urlpatterns += [path("demo/", include("careerconnect.demo.urls"))]

handler400 = "careerconnect.problem_pages.bad_request"
handler500 = "careerconnect.problem_pages.server_error"
