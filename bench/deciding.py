"""The inside of `bench.eligibility`.

python -m bench.deciding        against DATABASE_URL, filled; prints JSON; leaves nothing behind
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import django

django.setup()

# ruff: noqa: E402 - models can be imported only now
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from appointments.models import AppointmentType
from appointments.rules.booking import may_book_on
from bench.eligibility import TYPES, RuleFigures
from bench.institution import AUDIENCES, CLIENTS, DID, MET
from eligibility.models import AllocationPolicy, Audience
from eligibility.selectors.audiences import people_in
from eligibility.selectors.student_facts import student_context

PEOPLE, TURNS = 300, 5


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _rules() -> dict[str, dict[str, Any]]:
    scored = {"activity": "cv-essentials", "name": "CV", "score_at_least": 70}
    return {
        **AUDIENCES,
        "either activity": {"all": [CLIENTS, {"any": [DID, MET, scored]}]},
        "recently": {"all": [CLIENTS, {**DID, "within_days": 365}]},
        "a school, later years": {
            "all": [{"course": {"school": ["School 1", "School 2"], "year_at_least": 2}}, {"none": [MET]}]
        },
        "programmes": {"course": {"programme": [f"p{n}" for n in range(0, 40, 2)], "fee_status": ["overseas"]}},
        "everybody but": {"all": [{"everybody": True}, {"none": [{"course": {"level": ["postgraduate_research"]}}]}]},
    }


def _lay_types() -> None:
    """Twenty on offer, each with a rule of its own and two limits."""
    policies = list(AllocationPolicy.objects.order_by("pk")[:2])
    AppointmentType.objects.update(is_offered=False)
    rules = list(_rules().values())
    for n in range(TYPES):
        audience = Audience.objects.create(slug=f"bench-{n}", name=f"bench {n}", rule=rules[n % len(rules)])
        type = AppointmentType.objects.create(
            slug=f"bench-{n}", name=f"Type {n}", summary="Talk.", audience=audience, minutes=30, modes=["online"],
            horizon_days=14,
        )  # fmt: skip
        type.policies.set(policies)


def _decide(person: int) -> None:
    """May this person book each type on offer today, with every reason."""
    context = student_context(person)
    for type in AppointmentType.objects.offered().with_rules():
        may_book_on(type, context, context.facts.today)


def _measured() -> RuleFigures:
    people = list(User.objects.students().order_by("-pk").values_list("pk", flat=True)[:PEOPLE])
    queries: dict[int, int] = {}
    for number in (1, 10, TYPES):
        AppointmentType.objects.filter(slug__startswith="bench-").update(is_offered=False)
        offered = [f"bench-{n}" for n in range(number)]
        AppointmentType.objects.filter(slug__in=offered).update(is_offered=True)
        _decide(people[0])
        with CaptureQueriesContext(connection) as captured:
            _decide(people[1])
        queries[number] = len(captured)
    seconds = _timed(lambda: [_decide(person) for person in people])
    bare = _timed(lambda: [User.objects.get(pk=person) for person in people])
    today, sql, matched = timezone.localdate(), {}, {}
    for name, rule in _rules().items():
        found = people_in(rule, today, today).students()
        sql[name] = 1000 * sorted(_timed(found.count) for _ in range(TURNS))[TURNS // 2]
        matched[name] = found.count()
    count = User.objects.students()
    return RuleFigures(
        decisions=TYPES * len(people) / seconds,
        people=len(people) / seconds,
        bare=len(people) / bare,
        queries=queries,
        matched=matched,
        sql_ms=sql,
        bare_ms=1000 * sorted(_timed(count.count) for _ in range(TURNS))[TURNS // 2],
        students=count.count(),
    )


if __name__ == "__main__":
    with transaction.atomic():
        _lay_types()
        print(json.dumps(asdict(_measured())))
        transaction.set_rollback(True)
