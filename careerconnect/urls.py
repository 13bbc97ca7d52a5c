from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from portal.api.index import NotFound

# Django tries each address in this order: the API first, which is asked most often, then pages by how often they are.
urlpatterns = [
    path("api/v1/", include("careerconnect.api_urls")),
    path("", include("portal.urls")),
    path("", include("appointments.urls")),
    path("", include("events.urls")),
    path("", include("accounts.urls")),
    path("configuration/results/", include("eligibility.urls")),
    path("security/", include("security.urls")),
    path("", include("documents.urls")),
    path("", include("queries.urls")),
    path("wellbeing/", include("wellbeing.urls")),
    path("", include("retention.urls")),
    re_path(r"^api/(?!v1$)", NotFound.as_view(schema=None)),
    path("accounts/", include("accounts.urls.sign_in")),
    path("configuration/", include("rulebook.urls")),
    path("admin/", admin.site.urls),
]

if settings.ANYMAIL.get("WEBHOOK_SECRET"):
    urlpatterns += [path("inbound/", include("anymail.urls"))]

if settings.DEMONSTRATION:
    urlpatterns += [path("demo/", include("demo.urls"))]

handler400 = "portal.views.problem_pages.bad_request"
handler500 = "portal.views.problem_pages.server_error"
