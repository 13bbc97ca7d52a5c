"""Reads the query string of staff pages: a day, an adviser, the page to return to."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from accounts.models import Role, User
from appointments.forms.staff import ALL
from appointments.selectors.staff_pages import DiaryOwner
from foundation.web.addresses import own_path
from foundation.web.days import day_in

Owner = TypeVar("Owner", User, DiaryOwner)


def day_wanted(text: str, default: date) -> date:
    """The day in the text, or the default if it is malformed or out of range."""
    return day_in(text) or default


def adviser_wanted(wanted: str, user: User, advisers: Iterable[Owner]) -> Owner | None:
    """Whose appointments to show: None means everybody's. By default an adviser's own, everybody's for other staff."""
    if wanted == ALL or (not wanted and not user.has_role(Role.ADVISER)):
        return None
    return named(wanted or user.public_id, advisers)


def diary_wanted(wanted: str, user: User, advisers: Sequence[Owner]) -> Owner | None:
    """One diary: by default an adviser's own, otherwise the first. None if nobody has one."""
    if not wanted and not user.has_role(Role.ADVISER):
        return advisers[0] if advisers else None
    return named(wanted or user.public_id, advisers)


def own_or_managed(wanted: str, user: User, advisers: Sequence[Owner]) -> Owner | None:
    """Whose diary to change: advisers their own, managers anybody's. Raises 404 for other people's."""
    if not user.has_role(Role.CAREERS_MANAGER) and wanted not in ("", user.public_id):
        raise Http404
    return diary_wanted(wanted, user, advisers)


def named(public_id: str, advisers: Iterable[Owner]) -> Owner:
    for adviser in advisers:
        if adviser.public_id == public_id:
            return adviser
    raise Http404


def way_back(request: HttpRequest, default: str) -> str:
    return own_path(request, request.GET.get("next", ""), default)


def address(path: str, **query: object) -> str:
    """The path with the non-empty values as its query string."""
    said = {key: value for key, value in query.items() if value not in ("", None)}
    return f"{path}?{urlencode(said)}" if said else path
