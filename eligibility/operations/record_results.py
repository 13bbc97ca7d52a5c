"""Records activity results from a file, a program, or later the attendance of events.

The operation that closes an event's list will call `record_results` with one `SentResult` per person present, and
`count` as the total number of events attended (recounted, not incremented, so that closing a list twice changes
nothing). Rules do not need to know where a result came from.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.operations.record_audit import Subject, record_audit
from eligibility.models import Activity, ActivityResult
from eligibility.rules.activity_results import SentResult, undoes, what_is_wrong
from foundation.outcomes.refusals import in_one_transaction

BATCH = 1000
LOCK = "SELECT id FROM accounts_user WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
FIELDS = ("completed_on", "score", "count")
UNDOES = "We hold a higher or newer result. If lower ones count, set that in the activity."


@dataclass(frozen=True, slots=True)
class ResultOutcome:
    """`what`: new, changed, unchanged or refused. `reason`: why it was refused."""

    sent: SentResult
    what: str
    reason: str = ""


@dataclass(slots=True)
class Recorded:
    """What happened to every row, or would happen in a dry run."""

    outcomes: list[ResultOutcome] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(outcome.what for outcome in self.outcomes)
        return {what: found[what] for what in ("new", "changed", "unchanged", "refused")}

    @property
    def refused(self) -> list[ResultOutcome]:
        return [outcome for outcome in self.outcomes if outcome.what == "refused"]


def record_results(*, rows: Sequence[SentResult], by: User | None, dry_run: bool = False) -> Recorded:
    """Records all valid rows and gives the reason for each refused one. Repeating it changes nothing.

    Each batch of 1,000 rows is one transaction that locks its students in ascending id and writes one audit entry. A
    dry run makes the same checks and writes nothing. `by` is None for the command.
    """
    recorded, seen = Recorded(), dict[tuple[str, str], int]()
    once = list(_each_once(rows, seen, recorded))
    activities = {activity.slug: activity for activity in Activity.objects.all()}
    remaining = iter(once)
    while portion := list(islice(remaining, BATCH)):
        outcomes = _check(portion, activities) if dry_run else _record(portion, activities, by)
        recorded.outcomes.extend(outcomes)
    recorded.outcomes.sort(key=lambda outcome: outcome.sent.number)
    return recorded


def _each_once(
    rows: Sequence[SentResult], seen: dict[tuple[str, str], int], recorded: Recorded
) -> Iterator[SentResult]:
    """The first row of each person and activity. Later ones are refused, because they repeat or contradict it."""
    for sent in rows:
        key = (sent.university_id, sent.activity)
        if key in seen:
            reason = f"This person and activity stand twice: see row {seen[key]}."
            recorded.outcomes.append(ResultOutcome(sent, "refused", reason))
        else:
            seen[key] = sent.number
            yield sent


@in_one_transaction
def _record(portion: Sequence[SentResult], activities: dict[str, Activity], by: User | None) -> list[ResultOutcome]:
    people = _people(portion)
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [sorted(people.values())])
    outcomes, results = _compare(portion, activities, people)
    ActivityResult.objects.bulk_create(
        results, update_conflicts=True, unique_fields=["student", "activity"], update_fields=list(FIELDS)
    )
    counts: dict[str, Any] = Recorded(outcomes).counts
    if results:
        record_audit(actor=by, action="results_recorded", on=Subject("activity_result"), **counts)
    return outcomes


@transaction.atomic
def _check(portion: Sequence[SentResult], activities: dict[str, Activity]) -> list[ResultOutcome]:
    return _compare(portion, activities, _people(portion))[0]


def _people(portion: Sequence[SentResult]) -> dict[str, int]:
    named = {sent.university_id for sent in portion}
    return dict(User.objects.students().filter(university_id__in=named).values_list("university_id", "pk"))


def _compare(
    portion: Sequence[SentResult], activities: dict[str, Activity], people: dict[str, int]
) -> tuple[list[ResultOutcome], list[ActivityResult]]:
    held = {
        (row.student_id, row.activity_id): row for row in ActivityResult.objects.filter(student__in=people.values())
    }
    outcomes, changed, today = [], [], timezone.localdate()
    for sent in portion:
        reason = _why_not(sent, activities, people, today)
        if reason:
            outcomes.append(ResultOutcome(sent, "refused", reason))
            continue
        student, activity = people[sent.university_id], activities[sent.activity]
        before = held.get((student, activity.pk))
        if before and undoes(sent, before, activity):
            outcomes.append(ResultOutcome(sent, "refused", UNDOES))
            continue
        row = _merged(sent, before, student, activity)
        what = "new" if before is None else "changed" if _differs(row, before) else "unchanged"
        outcomes.append(ResultOutcome(sent, what))
        if what != "unchanged":
            changed.append(row)
    return outcomes, changed


def _why_not(sent: SentResult, activities: dict[str, Activity], people: dict[str, int], today: date) -> str:
    if sent.university_id not in people:
        return "No student or graduate has this university_id."
    if sent.activity not in activities:
        return "There is no activity of this name: use its short name, such as cv-essentials."
    return what_is_wrong(sent, activities[sent.activity], today)


def _merged(sent: SentResult, before: ActivityResult | None, student: int, activity: Activity) -> ActivityResult:
    said = {name: getattr(sent, name) for name in FIELDS if getattr(sent, name) is not None}
    stays = {name: getattr(before, name) for name in FIELDS} if before else {}
    return ActivityResult(student_id=student, activity=activity, **{**stays, **said})


def _differs(row: ActivityResult, before: ActivityResult) -> bool:
    return any(getattr(row, name) != getattr(before, name) for name in FIELDS)
