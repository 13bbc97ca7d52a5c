"""Who in a webinar's report is which registration."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from events.models import Event, Registration, RegistrationStatus
from events.rules.door import attended_online
from events.rules.webinar_reports import Attended
from places.models import MeetingMode


@dataclass(frozen=True, slots=True)
class Match:
    """`outcome` is what closing the attendance will record."""

    registration: Registration
    attended: Attended
    outcome: RegistrationStatus


@dataclass(frozen=True, slots=True)
class WebinarMatch:
    """`unknown`: in the report, and no registration has that address. `absent`: registered, and not in the report."""

    matched: list[Match]
    unknown: list[Attended]
    absent: list[Registration]


def online_registrations(event: Event) -> list[Registration]:
    """One query. Those that a report can be about, by family name."""
    rows = Registration.objects.filter(event=event, mode=MeetingMode.ONLINE, status=RegistrationStatus.REGISTERED)
    return list(rows.select_related("student", "event__type").order_by("student__family_name", "pk"))


def match_report(event: Event, rows: Sequence[Attended]) -> WebinarMatch:
    """By University or personal address. One query."""
    registrations = online_registrations(event)
    by_address = {address: each for each in registrations for address in addresses_of(each.student)}
    matched: dict[int, Match] = {}
    unknown = []
    for row in rows:
        registration = by_address.get(row.email)
        if registration is None:
            unknown.append(row)
            continue
        earlier = matched.get(registration.pk)
        minutes = row.minutes + (earlier.attended.minutes if earlier else 0)
        matched[registration.pk] = _match(event, registration, Attended(row.name, row.email, minutes))
    absent = [each for each in registrations if each.pk not in matched]
    return WebinarMatch(list(matched.values()), unknown, absent)


def addresses_of(student: User) -> list[str]:
    return [address.lower() for address in (student.email, student.personal_email) if address]


def _match(event: Event, registration: Registration, attended: Attended) -> Match:
    return Match(registration, attended, attended_online(event, attended.minutes))
