"""“What we hold about you” (DATA-3): the register of personal data, for one person."""

from calendar import month_name
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.models import User
from accounts.rules.policy import Policy, policy_in_force
from appointments.selectors.student_types import services_until
from foundation.values.counted import counted
from foundation.values.month_days import month_and_day
from foundation.values.times import spoken_day
from retention.schedule.data_class import Clock, DataClass, Shown, Then
from retention.schedule.register import BY_KEY, SHOWN
from retention.selectors.dates import Dates, dates_of


@dataclass(frozen=True, slots=True)
class HeldRow:
    """`number`: how many of these are held. `until` and `then`: when they are deleted, and what that leaves."""

    key: str
    number: int
    title: str
    what: str
    why: str
    who: str
    correct: str
    how_many: str
    until: str
    then: str
    url: str
    url_words: str


@dataclass(frozen=True, slots=True)
class Held:
    rows: list[HeldRow]
    dates: Dates
    policy: Policy
    services_until: date | None = None
    """The last day of services for this graduate, as the rules have it."""

    @property
    def some(self) -> list[HeldRow]:
        return [row for row in self.rows if row.number]

    @property
    def none(self) -> list[HeldRow]:
        return [row for row in self.rows if not row.number]

    @property
    def usual_then(self) -> str:
        return Then.DELETED.capitalize()

    @property
    def summary(self) -> str:
        return f"Kept until {spoken_day(self.dates.kept_until)}" if self.dates.kept_until else "Kept while you study"

    @property
    def why(self) -> str:
        """Why the data is kept until then (DATA-4)."""
        month, day = month_and_day(self.policy.academic_year_ends)
        begins = "That is" if self.dates.kept_until else "Then for"
        return (
            f"{begins} {counted(self.policy.retention_years, 'year')} after the end of the academic year ({day} "
            f"{month_name[month]}) in which you complete your last course. We tell you "
            f"{counted(self.policy.retention_warning_days, 'day')} before. We delete it the night after."
        )

    @property
    def three_dates(self) -> list[tuple[str, str]]:
        """Three separate dates, because they are easily confused."""
        named = [
            ("You can use our services for graduates until", self.services_until),
            ("Information about you is kept until", self.dates.kept_until),
            ("We delete it on", self.dates.forgotten_on),
        ]
        return [(words, spoken_day(day)) for words, day in named if day]


def held_about(user: User) -> Held:
    """Sixteen queries: the policy, the courses, and one for each class of data that is counted. Three more for people
    whose course has ended.
    """
    policy = policy_in_force()
    dates = dates_of(user, policy)
    rows = [_row(kept, shown, user, policy, dates.kept_until) for kept, shown in SHOWN]
    return Held(rows, dates, policy, services_until(user) if dates.kept_until else None)


def _row(kept: DataClass, shown: Shown, user: User, policy: Policy, until: date | None) -> HeldRow:
    number = kept.count_of(user, shown)
    return HeldRow(
        key=kept.key,
        number=number,
        title=shown.title or kept.name,
        what=shown.what or kept.what,
        why=kept.why,
        who=shown.who,
        correct=shown.correct.format(service_email=policy.service_email),
        how_many=counted(number, shown.noun) if number else "Nothing",
        until=_until(kept, shown, policy, until),
        then=kept.then.capitalize(),
        url=reverse(shown.seen_at) if shown.seen_at else "",
        url_words=shown.seen_words,
    )


def _until(kept: DataClass, shown: Shown, policy: Policy, until: date | None) -> str:
    if kept.clock == Clock.NONE:
        return "Never"
    if kept.clock != Clock.COURSE:
        return f"{kept.period_words(policy)} from {kept.clock}".capitalize()
    words = _usual_until(policy, until)
    if shown.sooner:
        sooner = BY_KEY[shown.sooner]
        words += f"; {sooner.name.lower()} {sooner.period_words(policy)} from {sooner.clock}"
    return words


def _usual_until(policy: Policy, until: date | None) -> str:
    return f"On {spoken_day(until)}" if until else f"{counted(policy.retention_years, 'year')} after your course"
