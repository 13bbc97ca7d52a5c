"""Loads everything that rules need about one student, the calendar and the policy in force in one query."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import DateTimeField, Exists, Func, Manager, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONObject, Lower, Now, TruncDate, Upper
from psycopg2.extensions import AsIs

from accounts.models import AccessNeeds, Enrolment, PolicySetting, User
from accounts.rules.policy import policy_from
from eligibility.models import (
    AcademicPeriod,
    ActivityResult,
    AllocationUse,
    Grant,
    GroupMember,
    Hold,
    MissPolicy,
    Strike,
)
from eligibility.models.misses import SHIPPED, rules_of_text
from eligibility.rules.facts import ActivityFact, Context, CourseFact, GrantFact, HoldFact, StudentFacts, UseFact
from eligibility.rules.misses import MissFact
from eligibility.selectors.calendar import calendar_from
from foundation.db.extra_columns import ExtraColumn
from foundation.db.prepared import Prepared


class ClockTimestamp(Func):
    function = "clock_timestamp"
    template = "%(function)s()"
    output_field = DateTimeField()


def _rows_of_student(rows: QuerySet[Any] | Manager[Any], **fields: Any) -> ArraySubquery:
    mine = rows.filter(student=OuterRef("pk")).order_by("pk")
    return ArraySubquery(mine.values(row=JSONObject(**fields)))


def _settings_in_force() -> ArraySubquery:
    latest = (
        PolicySetting.objects.filter(effective_from__lte=TruncDate(Now()))
        .order_by("key", "-effective_from")
        .distinct("key")
    )
    return ArraySubquery(latest.values(row=JSONObject(key="key", value="value")))


def _miss_rules_in_force() -> Subquery:
    """As text, so that one document is parsed once."""
    begun = MissPolicy.objects.filter(effective_from__lte=TruncDate(Now())).order_by("-effective_from")
    return Subquery(begun.values(text=Cast("value", TextField()))[:1])


def _periods() -> ArraySubquery:
    rows = AcademicPeriod.objects.order_by("pk")
    fields = JSONObject(pk="pk", kind="kind", name="name", first=Lower("during"), after=Upper("during"))
    return ArraySubquery(rows.values(row=fields))


def _students() -> QuerySet[User, dict[str, Any]]:
    people: QuerySet[User, dict[str, Any]] = User.objects.values(
        "pk",
        "is_active",
        declares_disability=Exists(AccessNeeds.objects.filter(person=OuterRef("pk"), declares_disability=True)),
        settings=_settings_in_force(),
        periods=_periods(),
        miss_rules=_miss_rules_in_force(),
        now=ClockTimestamp(),
        courses=_rows_of_student(
            Enrolment.objects,
            programme="programme__code",
            school="programme__school__name",
            faculty="programme__school__faculty",
            level="level",
            mode="mode",
            status="status",
            fee_status="fee_status",
            year_of_study="year_of_study",
            placement_year="programme__has_placement_year",
            completed_on="completed_on",
            expected_end_on="expected_end_on",
        ),
        activities=_rows_of_student(
            ActivityResult.objects, slug="activity__slug", completed_on="completed_on", score="score", count="count"
        ),
        member_of=_rows_of_student(GroupMember.objects, slug="group__slug"),
        uses=_rows_of_student(
            AllocationUse.objects.filter(consumes=True),
            policy_id="policy_id",
            source_id="source_id",
            on="on",
            ends_at="ends_at",
            period_key="period_key",
            ordinal="ordinal",
            grant_id="grant_id",
            grant_ordinal="grant_ordinal",
            minutes="minutes",
        ),
        granted=_rows_of_student(
            Grant.objects,
            policy_id="policy_id",
            extra="extra",
            starts_on="starts_on",
            expires_on="expires_on",
            id="pk",
        ),
        held=_rows_of_student(
            Hold.objects.filter(lifted_at__isnull=True),
            message="message",
            first=Lower("during"),
            after=Upper("during"),
            covers="covers",
            appealed_at="appealed_at",
            appeal_answered_at="appeal_answered_at",
            stays_open="stays_open",
        ),
        missed=_rows_of_student(
            Strike.objects.counting(), kind="kind", how="how", type="type", on="on", source_id="source_id"
        ),
    )
    return people


@cache
def _statement(*beside: str) -> Prepared:
    """Built once per process: compiling these expressions took Django longer than PostgreSQL took to answer."""
    sql, params = _students().filter(pk=0).query.sql_with_params()
    with connection.cursor() as cursor:
        found = cursor.cursor.mogrify(sql, (*params[:-1], AsIs("%s"))).decode()
    asked = "".join(f", ({each})" for each in beside)
    return Prepared(f"SELECT student.*{asked} FROM ({found}) student")  # noqa: S608 - SQL of our own, no input


def _rows(student_id: int, beside: Sequence[ExtraColumn]) -> tuple[dict[str, Any], list[Any]]:
    """The student's row by column name, and the results of `beside`."""
    params = [*(value for each in beside for value in each.params), student_id]
    with connection.cursor() as cursor:
        _statement(*(each.sql for each in beside)).execute(cursor, params)
        found = cursor.fetchone()
        if found is None:
            raise User.DoesNotExist
        names = [column.name for column in cursor.description]
    own = len(found) - len(beside)
    row = dict(zip(names[:own], found[:own], strict=True))
    return {name: _items(value) for name, value in row.items()}, list(found[own:])


def _items(value: Any) -> Any:
    return [json.loads(item) for item in value] if isinstance(value, list) else value


def student_context(student_id: int) -> Context:
    """One query. Raises User.DoesNotExist."""
    return context_with(student_id)[0]


def context_with(student_id: int, *beside: ExtraColumn) -> tuple[Context, list[Any]]:
    """One query. The context, and the results of `beside` in order. Raises User.DoesNotExist."""
    row, answers = _rows(student_id, beside)
    policy = policy_from({setting["key"]: setting["value"] for setting in row["settings"]})
    periods = [
        (span["pk"], span["kind"], span["name"], _certain_day(span["first"]), _certain_day(span["after"]))
        for span in row["periods"]
    ]
    calendar = calendar_from(periods, policy.academic_year_ends)
    return Context(_facts(row), calendar, policy, rules_of_text(row["miss_rules"] or json.dumps(SHIPPED))), answers


def _facts(row: dict[str, Any]) -> StudentFacts:
    return StudentFacts(
        student_id=row["pk"],
        now=row["now"],
        is_active=row["is_active"],
        declares_disability=row["declares_disability"],
        courses=tuple(
            CourseFact(**{**fact, **{day: _day(fact[day]) for day in ("completed_on", "expected_end_on")}})
            for fact in row["courses"]
        ),
        activities={
            fact["slug"]: ActivityFact(_day(fact["completed_on"]), fact["score"], fact["count"])
            for fact in row["activities"]
        },
        uses=tuple(
            UseFact(**{**fact, "on": _certain_day(fact["on"]), "ends_at": datetime.fromisoformat(fact["ends_at"])})
            for fact in row["uses"]
        ),
        grants=tuple(
            GrantFact(
                fact["policy_id"],
                fact["extra"],
                _certain_day(fact["starts_on"]),
                _certain_day(fact["expires_on"]),
                fact["id"],
            )
            for fact in row["granted"]
        ),
        holds=tuple(
            HoldFact(
                fact["message"],
                _certain_day(fact["first"]),
                _certain_day(fact["after"]),
                tuple(fact["covers"]),
                _moment(fact["appealed_at"]),
                _moment(fact["appeal_answered_at"]),
                tuple(fact["stays_open"]),
            )
            for fact in row["held"]
        ),
        groups=frozenset(fact["slug"] for fact in row["member_of"]),
        misses=tuple(MissFact(**{**fact, "on": _certain_day(fact["on"])}) for fact in row["missed"]),
    )


def _certain_day(text: str) -> date:
    return date.fromisoformat(text)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
