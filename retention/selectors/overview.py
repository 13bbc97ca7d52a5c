"""Data for pages of information governance: nightly runs, their evidence, and what needs attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from accounts.models import User
from foundation.values.times import local_day
from retention.models import LegalHold, PurgeCount, PurgeRun, RightsRequest, RunState, TextMention
from retention.schedule.clocks import people_without_clock
from retention.schedule.data_class import DataClass
from retention.schedule.free_texts import BY_MODEL
from retention.schedule.register import BY_KEY, COUNTED_BY
from retention.selectors.lateness import Lateness, lateness

TABS = (
    ("retention_overview", "Nightly runs"),
    ("rights_request_inbox", "Requests"),
    ("legal_hold_list", "Legal holds"),
    ("mention_list", "Names to check"),
    ("unclocked_list", "No end date"),
    ("schedule_list", "Schedule"),
    ("processing_list", "Processing"),
    ("retention_setting_list", "Settings"),
    ("statistic_list", "Statistics"),
)


@dataclass(frozen=True, slots=True)
class Overview:
    lateness: Lateness
    asking: PurgeRun | None
    under_way: PurgeRun | None
    requests_open: int
    requests_late: int
    holds: int
    mentions: int
    without_clock: int


def overview(user: User, now: datetime) -> Overview:
    """Ten queries, whatever the amount of data."""
    today = local_day(now)
    runs = PurgeRun.objects.visible_to(user)
    requests = RightsRequest.objects.answered_by(user).open()
    return Overview(
        lateness(now),
        runs.filter(state=RunState.ASKING).first(),
        runs.to_do().first(),
        requests.count(),
        requests.filter(due_on__lt=today, state="open").count(),
        LegalHold.objects.visible_to(user).in_force(today).count(),
        TextMention.objects.visible_to(user).to_review().count(),
        people_without_clock().order_by().count(),
    )


def tabs(current: str) -> list[dict[str, object]]:
    return [{"label": label, "url": reverse(name), "current": name == current} for name, label in TABS]


@dataclass(frozen=True, slots=True)
class ClassCount:
    """`has_total`: whether the class has tables of its own to count before and after, not shared with another class."""

    each: DataClass
    count: PurgeCount
    has_total: bool


def count_rows_of(run: PurgeRun) -> list[ClassCount]:
    """Classes of which anything was due, or would be in a dry run. One query."""
    counts = run.counts.order_by("pk")
    return [
        ClassCount(each, count, any(COUNTED_BY[table.model] == each.key for table in each.tables))
        for count in counts
        if (count.listed or count.due) and (each := BY_KEY[count.key])
    ]


@dataclass(frozen=True, slots=True)
class MentionInText:
    """A mention with its surrounding text; empty if its row no longer exists."""

    mention: TextMention
    where: str
    before: str
    words: str
    after: str


AROUND = 160


def places_of(mentions: Sequence[TextMention]) -> list[MentionInText]:
    """One query for each model on the page."""
    texts: dict[tuple[str, int, str], str] = {}
    for model in {each.model for each in mentions}:
        rows = {each.row for each in mentions if each.model == model}
        fields = sorted({each.field for each in mentions if each.model == model})
        for pk, *said in BY_MODEL[model].manager.filter(pk__in=rows).values_list("pk", *fields):
            texts |= {(model, pk, field): text for field, text in zip(fields, said, strict=True)}
    return [_place(each, texts.get((each.model, each.row, each.field), "")) for each in mentions]


def _place(mention: TextMention, text: str) -> MentionInText:
    start, end = mention.start, mention.start + mention.length
    return MentionInText(
        mention,
        BY_MODEL[mention.model].where,
        text[max(0, start - AROUND) : start],
        text[start:end],
        text[end : end + AROUND],
    )
