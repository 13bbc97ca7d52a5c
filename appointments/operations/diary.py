"""Availability: publishing weekly templates as dated blocks, adding one-off blocks, withdrawing blocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from psycopg2.extras import DateTimeTZRange

from accounts.models import Role, User
from accounts.operations.lock_people import lock_people
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from accounts.operations.require_as_seen import require_as_seen
from accounts.rules.policy import policy_in_force
from appointments.models import AppointmentType, Booking, DiaryBlock, DiaryTemplate
from appointments.operations.tell_who_must_move import tell_who_must_move
from eligibility.rules.calendar import AcademicCalendar
from eligibility.selectors.calendar import academic_calendar
from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import at, database_now, local_day, spoken_day
from places.models import Location

LONGEST_PUBLICATION = timedelta(days=200)
"""A bit more than a term. Publishing further would run past the next timetable."""

VERBS = {"template_saved": "changed these hours", "template_published": "published these hours"}
"""By action of the audit trail."""

CLOSED = "the service is closed"
"""The reason given for a skipped day."""


@dataclass(frozen=True, slots=True)
class Published:
    """How many blocks were added, and which days were skipped for which reason."""

    added: int
    skipped: tuple[tuple[date, str], ...]


def may_run_diary(by: User, adviser: User) -> Decision:
    if by.has_role(Role.CAREERS_MANAGER) or (by == adviser and by.has_role(Role.ADVISER)):
        return ALLOWED
    return refuse("not_yours", "You can change your own diary only.")


@in_one_transaction
def save_template(
    *,
    template: DiaryTemplate,
    types: Iterable[AppointmentType],
    locations: Iterable[Location],
    by: User,
    once: str = "",
) -> DiaryTemplate:
    """Creates or changes a weekly template. Blocks already published from it do not change: see `change_template`.

    Sent twice with one key (`once`), it is one template.
    """
    require(may_run_diary(by, template.adviser), status=403)
    said = (template.adviser.public_id, template.weekday, template.starts, template.ends)
    key = Once(by, once if template.pk is None else "", ("template", *said))
    if earlier := key.earlier():
        return DiaryTemplate.objects.get(pk=int(earlier))
    _require_as_seen(template, by)
    template.save()
    template.types.set(types)
    template.locations.set(locations)
    _record(by, "template_saved", template)
    key.remember(str(template.pk))
    return template


@in_one_transaction
def delete_template(*, template: DiaryTemplate, by: User) -> None:
    """Deletes a template. Its published blocks and their bookings stay."""
    require(may_run_diary(by, template.adviser), status=403)
    _require_as_seen(template, by)
    _record(by, "template_deleted", template)
    template.delete()


@in_one_transaction
def publish_template(
    *, template: DiaryTemplate, first: date, last: date, calendar: AcademicCalendar, by: User
) -> Published:
    """Creates one block per matching day from `first` to `last` inclusive. Skips closed days and days already
    published.

    Publishing twice adds nothing the second time. Locks the adviser.
    """
    require(may_run_diary(by, template.adviser), status=403)
    if not first <= last <= first + LONGEST_PUBLICATION:
        raise Refused(
            "publication_span",
            f"Choose a last day that is later than the first and within {LONGEST_PUBLICATION.days} days of it.",
            field="last",
            status=422,
        )
    lock_people(template.adviser)
    _require_as_seen(template, by)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    days = [day for day in days if day.weekday() == template.weekday]
    skipped = [(day, CLOSED) for day in days if calendar.closed_on(day)]
    blocks = [block_of(template, day) for day in days if not calendar.closed_on(day)]
    skipped += [(block.local_date, "the clocks skip this time") for block in blocks if is_empty(block)]
    blocks = [block for block in blocks if not is_empty(block)]
    added = _insert(blocks, list(template.types.all()), list(template.locations.all()))
    skipped += [(block.local_date, "already published") for block in blocks if block.public_id not in added]
    template.published_until = max(last, template.published_until or last)
    template.save(update_fields=["published_until"])
    _record(by, "template_published", template, blocks=len(added), until=str(last))
    tell_who_must_move(adviser=template.adviser, by=by)
    return Published(len(added), tuple(sorted(skipped)))


def block_of(template: DiaryTemplate, day: date) -> DiaryBlock:
    during = DateTimeTZRange(at(day, template.starts), at(day, template.ends))
    return DiaryBlock(adviser_id=template.adviser_id, during=during, local_date=day, template=template)


def is_empty(block: DiaryBlock) -> bool:
    """True for a block such as 01:00 to 02:00 on the day that the clocks go forward."""
    return bool(block.during.upper <= block.during.lower)


def _insert(blocks: list[DiaryBlock], types: list[AppointmentType], locations: list[Location]) -> set[str]:
    """Inserts the blocks that overlap no published block, and returns their public ids."""
    DiaryBlock.objects.bulk_create(blocks, ignore_conflicts=True)
    added = dict(DiaryBlock.objects.filter(public_id__in=[b.public_id for b in blocks]).values_list("pk", "public_id"))
    offered, held = DiaryBlock.types.through, DiaryBlock.locations.through
    offered.objects.bulk_create([offered(diaryblock_id=pk, appointmenttype_id=t.pk) for pk in added for t in types])
    held.objects.bulk_create([held(diaryblock_id=pk, location_id=place.pk) for pk in added for place in locations])
    return set(added.values())


@in_one_transaction
def add_block(
    *,
    adviser: User,
    day: date,
    starts: time,
    ends: time,
    types: Iterable[AppointmentType],
    locations: Iterable[Location],
    by: User,
    release_at: datetime | None = None,
) -> DiaryBlock:
    """Adds a one-off block on a local day. Refused if it is in the past, on a closed day or over a published block."""
    require(may_run_diary(by, adviser), status=403)
    lock_people(adviser)
    during = DateTimeTZRange(at(day, starts), at(day, ends))
    if during.upper <= during.lower:
        raise Refused("block_empty", "The end must be later than the start.", field="ends", status=422)
    if during.upper <= database_now():
        raise Refused("in_the_past", "This time is over already.", "Choose a later day.", field="day", status=422)
    if academic_calendar(policy_in_force().academic_year_ends).closed_on(day):
        raise Refused(
            "closed", f"The careers service is closed on {spoken_day(day)}.", "Choose another day.", field="day"
        )
    block = DiaryBlock.objects.create(adviser=adviser, during=during, local_date=day, release_at=release_at)
    block.types.set(types)
    block.locations.set(locations)
    _record(by, "block_added", block, day=str(day))
    tell_who_must_move(adviser=adviser, by=by)
    return block


@in_one_transaction
def withdraw_block(*, block: DiaryBlock, by: User) -> list[Booking]:
    """Withdraws a block. Bookings in it stay booked until somebody rearranges them, and are returned. We tell their
    students.
    """
    require(may_run_diary(by, block.adviser), status=403)
    lock_people(block.adviser)
    _record(by, "block_withdrawn", block, day=str(local_day(block.during.lower)))
    block.delete()
    return tell_who_must_move(adviser=block.adviser, by=by)


def _require_as_seen(template: DiaryTemplate, by: User) -> None:
    """Locks the template as it is saved, and compares that with what the form showed."""
    saved = DiaryTemplate.objects.select_for_update(no_key=True).filter(pk=template.pk).first()
    if saved is not None:
        require_as_seen(template, saved, by=by, verbs=VERBS)


def _record(by: User, action: str, on: DiaryTemplate | DiaryBlock, **details: str | int) -> None:
    record_audit(actor=by, action=action, on=on, student=None, **details)
