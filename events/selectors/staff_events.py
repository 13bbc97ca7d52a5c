"""Events as careers staff see them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from accounts.models import Enrolment, User
from eligibility.models import WaitingEntry
from events.models import Event, EventFeedback, EventSeries, EventState, Registration
from events.selectors.places import EventPlaces, places_of


@dataclass(frozen=True, slots=True)
class EventRow:
    event: Event
    places: EventPlaces

    @property
    def taken(self) -> int:
        return sum(each.taken for each in self.places.values())

    @property
    def total(self) -> int:
        return sum(each.total for each in self.places.values())

    @property
    def waiting(self) -> int:
        return sum(each.on_list for each in self.places.values())


def event_rows(events: Sequence[Event]) -> list[EventRow]:
    """One query for any number of events."""
    places = places_of(events)
    return [EventRow(event, places[event.pk]) for event in events]


@dataclass(frozen=True, slots=True)
class RegisteredPerson:
    """`course`: programme and School of the latest course."""

    registration: Registration
    course: str
    is_in: bool
    answers: dict[int, str]

    @property
    def student(self) -> User:
        return self.registration.student


def registered_people(event: Event) -> list[RegisteredPerson]:
    """Four queries for any number of people, by family name. Without access needs: reading them is recorded."""
    rows = Registration.objects.with_places().filter(event=event).select_related("student")
    found = list(rows.prefetch_related("answers", "check_ins").order_by("student__family_name", "student__given_name"))
    courses = courses_of([row.student_id for row in found])
    return [
        RegisteredPerson(
            row,
            courses.get(row.student_id, ""),
            bool(row.check_ins.all()),
            {answer.question_id: answer.text for answer in row.answers.all()},
        )
        for row in found
    ]


def courses_of(people: Iterable[int]) -> dict[int, str]:
    """One query. The latest course of each person: programme and School."""
    rows = Enrolment.objects.filter(student__in=list(people)).select_related("programme__school").order_by("started_on")
    return {row.student_id: f"{row.programme.name}, {row.programme.school.name}" for row in rows}


def waiting_line(event: Event) -> list[WaitingEntry]:
    """One query. In order of joining."""
    return list(WaitingEntry.objects.of(event.source).on_the_list().select_related("student").order_by("number"))


@dataclass(frozen=True, slots=True)
class FeedbackSummary:
    count: int
    average: float
    texts: list[str]


def feedback_of(event: Event) -> FeedbackSummary:
    """One query. Without names."""
    rows = list(EventFeedback.objects.filter(registration__event=event).order_by("?"))
    average = sum(row.score for row in rows) / len(rows) if rows else 0.0
    return FeedbackSummary(len(rows), round(average, 1), [row.text for row in rows if row.text])


def answer_rows(event: Event, people: Sequence[RegisteredPerson], needs: Mapping[int, str]) -> Iterator[list[str]]:
    """A table of everybody registered, with all answers, for the organisers. `needs`: by registration key."""
    questions = list(event.questions.all())
    yield ["Name", "Email", "Course", "Attends", "Checked in", "Access needs", *(each.label for each in questions)]
    for each in people:
        who, row = each.student, each.registration
        answers = [each.answers.get(question.pk, "") for question in questions]
        is_in = "yes" if each.is_in else ""
        yield [who.name, who.contact_email, each.course, row.get_mode_display(), is_in, needs.get(row.pk, ""), *answers]


def employer_rows(event: Event, people: Sequence[RegisteredPerson]) -> Iterator[list[str]]:
    """Only those who agreed; only name, course and the answers for employers (DATA-1)."""
    questions = [each for each in event.questions.all() if each.for_employers]
    yield ["Name", "Course", *(each.label for each in questions)]
    for each in people:
        if each.registration.shares_with_employers:
            yield [each.student.name, each.course, *(each.answers.get(one.pk, "") for one in questions)]


def drafts_of(series: EventSeries | None) -> int:
    """One query, and none without a series."""
    return Event.objects.filter(series=series, state=EventState.DRAFT).count() if series else 0
