"""What the door shows: who is expected, who is there, and whose code this is."""

import re
from dataclasses import dataclass, replace

from accounts.models import User
from accounts.selectors.finding import found_people
from eligibility.selectors.student_facts import student_context
from events.models import CheckIn, Event, EventSession, Registration
from events.rules.registering import may_attend
from events.selectors.staff_events import courses_of
from foundation.outcomes.decisions import Decision
from foundation.values.public_ids import ALPHABET, LENGTH
from foundation.values.times import spoken_time

CODE = re.compile(rf"/registrations/([{ALPHABET}]{{{LENGTH}}})/?")
MOST_FOUND = 10
LATEST = 8


@dataclass(frozen=True, slots=True)
class DoorCounts:
    there: int
    expected: int


@dataclass(frozen=True, slots=True)
class FoundAtDoor:
    """Somebody whose code was scanned or whose name was typed. `registration` is None for somebody not registered.

    `decision`: may they attend (ELIG-1)? Asked for the only one found who has no place; otherwise None.
    """

    student: User
    course: str
    registration: Registration | None
    check_in: CheckIn | None
    decision: Decision | None = None

    @property
    def has_place(self) -> bool:
        return self.registration is not None and not self.registration.is_cancelled

    @property
    def earlier_words(self) -> str:
        return earlier_words(self.check_in) if self.check_in else ""


def code_in(text: str) -> str:
    """The registration that a scanned or typed code names; empty if it is no code."""
    match = CODE.search(text.strip())
    bare = text.strip().lower()
    if match:
        return match[1]
    return bare if len(bare) == LENGTH and not set(bare) - set(ALPHABET) else ""


def earlier_words(check: CheckIn) -> str:
    """`at 10:05 by Kofi Mensah (the student's code)`"""
    who = f" by {check.by.name}" if check.by else f" at {check.device.name}" if check.device else ""
    return f"at {spoken_time(check.at)}{who} ({check.get_how_display()})"


def door_counts(event: Event, session: EventSession) -> DoorCounts:
    """Two queries."""
    expected = Registration.objects.expected().filter(event=event).count()
    return DoorCounts(CheckIn.objects.filter(session=session).count(), expected)


def latest_check_ins(session: EventSession) -> list[CheckIn]:
    """One query. The last few, for everybody at the doors."""
    rows = CheckIn.objects.filter(session=session).select_related("registration__student", "by", "device")
    return list(rows.order_by("-at", "-pk")[:LATEST])


def find_at_door(event: Event, session: EventSession, words: str, by: User) -> list[FoundAtDoor]:
    """By code, otherwise by name, number or email: people registered first, then others."""
    if code := code_in(words):
        rows = Registration.objects.filter(public_id=code).select_related("student", "event")
        return _found([row.student for row in rows], {row.student_id: row for row in rows}, session)
    people = found_people(words, User.objects.visible_to(by).students(), most=MOST_FOUND)
    mine = Registration.objects.with_places().filter(event=event, student__in=[who.pk for who in people])
    own = {row.student_id: row for row in mine.select_related("student", "event")}
    found = _found(sorted(people, key=lambda who: who.pk not in own), own, session)
    match found:
        case [alone] if not alone.has_place:
            return [replace(alone, decision=may_attend(event, student_context(alone.student.pk)))]
    return found


def _found(people: list[User], own: dict[int, Registration], session: EventSession) -> list[FoundAtDoor]:
    courses = courses_of([who.pk for who in people])
    ins = CheckIn.objects.filter(session=session, registration__in=[row.pk for row in own.values()])
    there = {each.registration_id: each for each in ins.select_related("by", "device")}
    return [
        FoundAtDoor(
            who,
            courses.get(who.pk, ""),
            own.get(who.pk),
            there.get(own[who.pk].pk) if who.pk in own else None,
        )
        for who in people
    ]
