"""Pages for students (`book/`, `appointments/`) and for careers staff (`staff/`)."""

from django.urls import include, path

urlpatterns = [
    path("", include("appointments.urls.student")),
    path("staff/", include("appointments.urls.staff")),
]
