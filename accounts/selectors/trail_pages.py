"""Which things in the trail have a page that its reader may open. Each app's things are registered from above."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import AuditEntry, User


@dataclass(frozen=True, slots=True)
class ThingPage:
    """`route` takes the thing's id. `seen`: the things whose page this reader may open, by the page's own twin."""

    route: str
    seen: Callable[[User], QuerySet[Any]]
    key: str = "public_id"


THING_PAGES: dict[str, ThingPage] = {}
"""By the subject of the entries."""


def pages_of_things(entries: Iterable[AuditEntry], reader: User) -> dict[tuple[str, str], str]:
    """The address of each thing's page, by subject and id. At most one query for each registered subject."""
    ids: dict[str, set[str]] = {}
    for entry in entries:
        if entry.subject in THING_PAGES and entry.subject_id:
            ids.setdefault(entry.subject, set()).add(entry.subject_id)
    found: dict[tuple[str, str], str] = {}
    for subject, wanted in ids.items():
        page = THING_PAGES[subject]
        keys = page.seen(reader).filter(**{f"{page.key}__in": wanted}).order_by().values_list(page.key, flat=True)
        found |= {(subject, str(key)): reverse(page.route, args=[key]) for key in keys}
    return found
