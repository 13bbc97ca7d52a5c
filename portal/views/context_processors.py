from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import GUARDED, Role, User

THEMES = ("light", "dark")


def _student(user: User) -> bool:
    return user.is_student


def _staff(user: User) -> bool:
    return user.is_careers_staff


def _role(*roles: Role) -> Callable[[User], bool]:
    return lambda user: user.has_role(*roles)


MENU: tuple[tuple[str, str, Callable[[User], bool]], ...] = (
    ("Home", "home", _student),
    ("Book", "type_list", _student),
    ("My appointments", "booking_list", _student),
    ("Events", "event_list", _student),
    ("My events", "registration_list", _student),
    ("Documents", "document_list", _student),
    ("Queries", "query_list", _student),
    ("Today", "today", _staff),
    ("Diary", "diary_week", _staff),
    ("Availability", "availability_list", _role(Role.ADVISER, Role.CAREERS_MANAGER)),
    ("Documents", "shared_document_list", _role(Role.ADVISER, Role.CAREERS_MANAGER)),
    ("Events", "staff_event_list", _staff),
    ("Students", "student_list", _staff),
    ("Queries", "query_inbox", lambda user: _staff(user) or user.has_role(Role.INFORMATION_GOVERNANCE)),
    ("Attendance", "review_list", _role(Role.CAREERS_MANAGER)),
    ("Wellbeing", "concern_list", _role(Role.WELLBEING_LEAD)),
    ("Configuration", "configuration", _role(Role.ADMINISTRATOR)),
    ("Security", "security_register", _role(Role.INFORMATION_GOVERNANCE)),
    ("Retention", "retention_overview", _role(Role.INFORMATION_GOVERNANCE)),
    ("Audit trail", "trail_list", _role(Role.INFORMATION_GOVERNANCE)),
    ("Roles", "role_list", _role(Role.ADMINISTRATOR, Role.INFORMATION_GOVERNANCE)),
    ("Second person", "proposal_list", _role(*GUARDED)),
    ("Alumni contacts", "alumni_list", _role(Role.ALUMNI_RELATIONS)),
)
"""Label, name of the URL, and who has the link."""


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
    if user is None:
        return []
    if not user.is_authenticated:
        return [_link("Events", reverse("event_list"), request.path)]
    links = [(label, name) for label, name, sees in MENU if sees(user)] or [("Home", "home")]
    return [_link(label, reverse(name), request.path) for label, name in links]


def _link(label: str, url: str, here: str) -> dict[str, Any]:
    current = here == url if url == "/" else here.startswith(url)
    return {"label": label, "url": url, "current": current}
