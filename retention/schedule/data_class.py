"""The types that the schedule consists of."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from accounts.models import User
from accounts.rules.policy import Policy
from foundation.values.counted import counted
from retention.schedule.clocks import PurgeDate


class Clock(StrEnum):
    """What starts the retention period."""

    COURSE = "the end of the academic year in which the last course is completed"
    RESOLVED = "the day a query is last resolved"
    RECEIVED = "the day it came in"
    SENT = "the day it was sent"
    ENDED = "the day it ended"
    JUDGED = "the day it was judged"
    MADE = "the day it was made"
    RELEASED = "the day the copy could be downloaded"
    NONE = "none"


class Then(StrEnum):
    DELETED = "permanently deleted"
    STRIPPED = "contents deleted, the entry stays"
    KEPT = "kept, but no longer identifies anybody"


EVERYBODY = "Students, graduates and colleagues"
WRITERS = "People who write to the service"


class Reader(StrEnum):
    """Who decides whether a class is part of the copy that its person requests."""

    ANYBODY = "anybody"
    GOVERNANCE = "governance"
    WELLBEING = "wellbeing"


PersonForget = Callable[[Collection[int]], int]
Rows = Callable[[PurgeDate], "QuerySet[Any]"]


@dataclass(frozen=True, slots=True)
class Table:
    """`person`: the lookup from a row to its person.

    `secret`: fields that no copy includes. `file`: the storage with further data.
    """

    model: str
    person: str = ""
    secret: tuple[str, ...] = ()
    file: str = ""

    @property
    def manager(self) -> Any:
        return apps.get_model(self.model)._default_manager

    def of(self, people: Collection[int] | QuerySet[Any, Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.manager.filter(**{f"{self.person}__in": people})
        return rows


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person reads about a class, or a part of it with its own `title` and `what`, in “What we hold about you”.

    `place`: its position on the page. `counts`: tables of the class whose rows are counted, or a function. `seen_at`:
    the URL name of the page that shows it. `sooner`: the key of a class with its own period that deletes it earlier.
    `correct` may contain `{service_email}`.
    """

    place: int
    who: str
    correct: str
    noun: str
    counts: tuple[str, ...] | Callable[[User], int]
    seen_at: str = ""
    seen_words: str = ""
    title: str = ""
    what: str = ""
    sooner: str = ""


@dataclass(frozen=True, slots=True)
class DataClass:
    """One class of personal data.

    `period` names the setting. `forget` deletes the class for given people. `sweep` deletes what is due on a night, for
    classes with their own period, and `rows` are those due. `needs`: classes that must be kept as long as this one.
    `not_in_copy`: why it is not in copies. `not_shown`: why “What we hold about you” does not show it.
    `people`: whom it is about, for the record of processing.
    """

    key: str
    name: str
    what: str
    why: str
    clock: Clock
    period: str
    tables: tuple[Table, ...]
    forget: PersonForget | None = None
    sweep: Callable[[PurgeDate], int] | None = None
    rows: Rows | None = None
    then: Then = Then.DELETED
    needs: tuple[str, ...] = ("people",)
    reader: Reader = Reader.ANYBODY
    not_in_copy: str = ""
    shown: tuple[Shown, ...] = ()
    not_shown: str = ""
    people: str = "Students and graduates"

    def count_of(self, user: User, shown: Shown) -> int:
        """At most one query."""
        if callable(shown.counts):
            return shown.counts(user)
        rows = [table.of([user.pk]).order_by().values("pk") for table in self.tables if table.model in shown.counts]
        return rows[0].union(*rows[1:], all=True).count() if rows[1:] else rows[0].count()

    def period_words(self, policy: Policy) -> str:
        return period_words(self.period, policy)


def period_words(period: str, policy: Policy) -> str:
    """`3 years`, `2 months`, `90 days`; the setting's name ends with its unit."""
    if not period:
        return "as long as it is needed"
    number, unit = getattr(policy, period), period.rsplit("_", 1)[1].removesuffix("s")
    return counted(number, unit)
