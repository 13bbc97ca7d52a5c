from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Role

THEMES = ("light", "dark")


def portal(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page needs. No queries."""
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return {
        "brand": settings.BRAND,
        "demo": settings.DEMONSTRATION,
        "theme": theme if theme in THEMES else "",
        "nav": navigation(request),
    }


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    links: list[tuple[str, str]] = []
    if user.is_student:
        links += [
            ("Home", "home"),
            ("Book", "type_list"),
            ("My appointments", "booking_list"),
            ("Documents", "document_list"),
            ("Queries", "query_list"),
        ]
    if user.is_careers_staff:
        links += [("Today", "today"), ("Diary", "diary_week")]
        if user.has_role(Role.ADVISER, Role.CAREERS_MANAGER):
            links += [("Availability", "availability_list"), ("Documents", "shared_document_list")]
        links += [("Students", "student_list"), ("Queries", "query_inbox")]
        if user.has_role(Role.CAREERS_MANAGER):
            links += [("Attendance", "review_list")]
    if user.has_role(Role.WELLBEING_LEAD):
        links += [("Wellbeing", "concern_list")]
    if user.has_role(Role.ADMINISTRATOR):
        links += [("Configuration", "configuration")]
    if user.has_role(Role.INFORMATION_GOVERNANCE):
        if not user.is_careers_staff:
            links += [("Queries", "query_inbox")]
        links += [
            ("Security", "security_register"),
            ("Retention", "retention_overview"),
            ("Audit trail", "trail_list"),
        ]
    if user.has_role(Role.ALUMNI_RELATIONS):
        links += [("Alumni contacts", "alumni_list")]
    if not links:
        links = [("Home", "home")]
    here = request.path
    return [_link(label, reverse(name), here) for label, name in links]


def _link(label: str, url: str, here: str) -> dict[str, Any]:
    current = here == url if url == "/" else here.startswith(url)
    return {"label": label, "url": url, "current": current}
