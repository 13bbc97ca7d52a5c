"""Pages for students (`book/`, `appointments/`) and for careers staff (`staff/`)."""

from django.urls import include, path

urlpatterns = [
    path("", include("appointments.student_urls")),
    path("staff/", include("appointments.staff_urls")),
]
