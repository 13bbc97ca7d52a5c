"""Making and changing events. Only drafts and published events change; what people are told of is in `publish`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from psycopg2.extras import DateTimeTZRange

from accounts.models import User
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import policy_in_force
from eligibility.selectors.calendar import academic_calendar
from events.models import (
    Event,
    EventEmployer,
    EventOrganiser,
    EventPicture,
    EventQuestion,
    EventReserve,
    EventSeries,
    EventSession,
    EventState,
)
from events.operations.locked import lock_to_change
from events.operations.picture import drawn_again
from events.operations.publish import SessionTimes, set_sessions
from events.rules.publishing import may_edit
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.public_ids import new_public_id
from foundation.values.times import at, local, local_day

SETTABLE = (
    "type",
    "title",
    "summary",
    "description",
    "audience",
    "online_link",
    "registration_opens_at",
    "registration_closes_at",
    "cancel_until",
    "is_employer_led",
    "counts_as",
    "shares_with_employers",
)
COPIED = (*SETTABLE, "places_in_person", "places_online", "series")
NOT_COPIED = ("registration_opens_at", "registration_closes_at", "cancel_until")
WEEK = timedelta(days=7)
MOST_IN_A_SERIES = 60


@in_one_transaction
def create_event(*, event: Event, session: SessionTimes, by: User, once: str = "") -> Event:
    """Saves a new draft with its first session. Its maker organises it. Sent twice with one key, it is made once."""
    require(may_edit(by), status=403)
    key = Once(by, once, ("event", event.title, session.starts_at, session.ends_at))
    if earlier := key.earlier():
        return Event.objects.get(public_id=earlier)
    event.public_id, event.state, event.created_by = new_public_id(), EventState.DRAFT, by
    event.during = DateTimeTZRange(session.starts_at, session.ends_at)
    event.local_date = local_day(session.starts_at)
    event.save()
    EventOrganiser.objects.create(event=event, person=by)
    made = set_sessions(event=event, sessions=[session], by=by)
    record_audit(actor=by, action="event_created", on=event)
    key.remember(event.public_id)
    return made


@in_one_transaction
def change_event(*, event: Event, by: User, also_later: bool = False) -> Event:
    """Saves the changed fields of the form’s event. Locks the event; refused if somebody changed it meanwhile.

    `also_later`: the later events of its series get the same, without its days of registration. They are locked in the
    order of their times.
    """
    row = lock_to_change(event, by).event
    _set(row, event, SETTABLE, by)
    if also_later and row.series_id:
        later = Event.objects.filter(series=row.series_id, during__startswith__gt=row.starts_at)
        names = [name for name in SETTABLE if name not in NOT_COPIED]
        for other in later.exclude(state=EventState.CANCELLED).select_for_update(no_key=True).order_by("during", "pk"):
            _set(other, event, names, by)
    return row


def _set(row: Event, said: Event, names: Sequence[str], by: User) -> None:
    for name in names:
        setattr(row, name, getattr(said, name))
    row.save(update_fields=[*names])
    record_audit(actor=by, action="event_changed", on=row)


@in_one_transaction
def set_people(*, event: Event, organisers: Sequence[User], employers: Sequence[EventEmployer], by: User) -> None:
    """Sets who organises the event and which employers take part, in this order."""
    row = lock_to_change(event, by).event
    EventOrganiser.objects.filter(event=row).delete()
    EventOrganiser.objects.bulk_create(EventOrganiser(event=row, person=each) for each in organisers)
    EventEmployer.objects.filter(event=row).delete()
    for order, employer in enumerate(employers):
        employer.event, employer.order = row, order
    EventEmployer.objects.bulk_create(employers)
    record_audit(actor=by, action="event_people_changed", on=row)


@in_one_transaction
def set_questions(*, event: Event, questions: Sequence[EventQuestion], by: User) -> None:
    """Sets what is asked at registration. A question that was answered already stays, with its answers."""
    row = lock_to_change(event, by).event
    kept = [each.pk for each in questions if each.pk]
    gone = EventQuestion.objects.filter(event=row).exclude(pk__in=kept)
    if gone.filter(answers__isnull=False).exists():
        raise Refused("question_answered", "A question that was answered can’t be removed.", "Keep it, or reword it.")
    gone.delete()
    for order, question in enumerate(questions):
        question.event, question.order = row, order
        question.save()
    record_audit(actor=by, action="event_questions_changed", on=row)


@in_one_transaction
def set_reserves(*, event: Event, reserves: Sequence[EventReserve], by: User) -> None:
    """Keeps places back for groups. Refused if they are more than the places that are left."""
    locked = lock_to_change(event, by)
    row = locked.event
    for mode, places in locked.places.items():
        wanted = sum(each.places for each in reserves if each.mode == mode)
        if wanted > places.total - places.offered:
            raise Refused("reserve_places", f"There are {places.total} places.", "Keep fewer.", status=422)
    wanted_for = {(each.group_id, each.mode) for each in reserves}
    for reserve in EventReserve.objects.filter(event=row):
        if (reserve.group_id, reserve.mode) not in wanted_for:
            reserve.delete()
    for each in reserves:
        EventReserve.objects.update_or_create(
            event=row, group=each.group, mode=each.mode, defaults={"places": each.places}
        )
    record_audit(actor=by, action="event_reserves_changed", on=row)


@in_one_transaction
def set_picture(*, event: Event, upload: bytes, alt: str, by: User) -> None:
    """Draws the picture again, bounded, without anything hidden in it; an empty upload changes only the text. Without
    both, the picture is removed. It is drawn before the event is locked, so that nobody waits for it."""
    require(may_edit(by), status=403)
    alt = alt.strip()
    if upload and not alt:
        words, remedy = "Say what the picture shows.", "For people who cannot see it."
        raise Refused("picture_alt", words, remedy, field="alt", status=422)
    image, width, height = drawn_again(upload) if upload else (b"", 0, 0)
    row = lock_to_change(event, by).event
    pictures = EventPicture.objects.filter(event=row)
    if upload:
        fields = {"image": image, "alt": alt, "width": width, "height": height}
        EventPicture.objects.update_or_create(event=row, defaults=fields)
    elif not alt:
        pictures.delete()
    elif not pictures.update(alt=alt):
        raise Refused("picture_missing", "Choose a picture.", field="upload", status=422)
    record_audit(actor=by, action="event_picture_changed", on=row)


@in_one_transaction
def copy_event(
    *, event: Event, starts_at: datetime, by: User, series: EventSeries | None = None, once: str = ""
) -> Event:
    """A draft like this event, at another time: the same sessions as far apart by the clock, with organisers,
    employers, questions, kept places and picture. Registrations are not copied."""
    require(may_edit(by), status=403)
    key = Once(by, once, ("copy", event.public_id, starts_at))
    if earlier := key.earlier():
        return Event.objects.get(public_id=earlier)
    copy = Event(created_by=by, state=EventState.DRAFT)
    for name in COPIED:
        setattr(copy, name, None if name in NOT_COPIED else getattr(event, name))
    copy.series = series or event.series
    times = _moved(list(event.sessions.select_related("location")), starts_at)
    made = create_event(event=copy, session=times[0], by=by)
    if len(times) > 1:
        made = set_sessions(event=made, sessions=times, by=by)
    _copy_parts(event, made)
    key.remember(made.public_id)
    return made


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Every week at this time, from the first day to the last, both inclusive."""

    first: date
    last: date
    starts: time

    @property
    def weeks(self) -> int:
        return (self.last - self.first).days // 7 + 1

    def days(self) -> list[date]:
        """Without closures of the service. The form has bounded the weeks."""
        calendar = academic_calendar(policy_in_force().academic_year_ends)
        days = [self.first + WEEK * number for number in range(self.weeks)]
        return [day for day in days if not calendar.closed_on(day)]


@in_one_transaction
def create_series(
    *, event: Event, title: str, days: Sequence[date], starts: time, by: User, once: str = ""
) -> EventSeries:
    """Makes a series of this event and of drafts like it on these days. Sent twice with one key, it is made once."""
    require(may_edit(by), status=403)
    key = Once(by, once, ("series", event.public_id, title, list(days), starts))
    if earlier := key.earlier():
        return EventSeries.objects.get(public_id=earlier)
    row = lock_to_change(event, by).event
    if not [day for day in days if day != row.local_date]:
        raise Refused("series_empty", "Choose at least one more day.", field="days", status=422)
    series = EventSeries.objects.create(title=title.strip(), summary=event.summary, created_by=by)
    row.series = series
    row.save(update_fields=["series"])
    for day in days:
        if day != row.local_date:
            copy_event(event=event, starts_at=at(day, starts), by=by, series=series)
    record_audit(actor=by, action="series_created", on=series)
    key.remember(series.public_id)
    return series


def _moved(sessions: list[EventSession], starts_at: datetime) -> list[SessionTimes]:
    """The same days apart and at the same clock times: an hour is not lost when the clocks change."""
    first = sessions[0]
    days, clock = local_day(starts_at) - local_day(first.starts_at), local(starts_at).time()
    moved = []
    for each in sessions:
        begins = clock if each is first else local(each.starts_at).time()
        start = at(local_day(each.starts_at) + days, begins)
        length = each.ends_at - each.starts_at
        moved.append(SessionTimes(start, start + length, each.location, each.venue, each.title))
    return moved


def _copy_parts(event: Event, copy: Event) -> None:
    for employer in event.employers.all():
        EventEmployer.objects.create(
            event=copy, name=employer.name, link=employer.link, note=employer.note, order=employer.order
        )
    for organiser in event.organisers.exclude(person=copy.created_by):
        EventOrganiser.objects.create(event=copy, person_id=organiser.person_id)
    for reserve in event.reserves.all():
        EventReserve.objects.create(event=copy, group_id=reserve.group_id, mode=reserve.mode, places=reserve.places)
    for question in event.questions.all():
        question.pk, question.public_id, question.event = None, new_public_id(), copy
        question.save(force_insert=True)
    if picture := EventPicture.objects.filter(event=event).first():
        picture.pk, picture.event = None, copy
        picture.save(force_insert=True)
