"""Free-text fields, which may name somebody other than the record's person.

They are searched before a person's data is deleted, because afterwards nobody knows the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from accounts.models import User

WORD = re.compile(r"[\w.@+-]*\w")
DASHES = "█"


@dataclass(frozen=True, slots=True)
class FreeText:
    """`person`: the lookup from a row to its person; empty if it belongs to nobody in particular."""

    model: str
    fields: tuple[str, ...]
    person: str
    where: str

    @property
    def manager(self) -> Any:
        return apps.get_model(self.model)._default_manager

    def rows(self) -> QuerySet[Any]:
        found: QuerySet[Any] = self.manager.order_by("pk")
        return found


FREE_TEXTS: tuple[FreeText, ...] = (
    FreeText("appointments.BookingNote", ("text", "next_step"), "booking__student", "a note of an appointment"),
    FreeText(
        "appointments.Booking", ("help_wanted", "override_reason", "status_reason", "told_reason"), "student",
        "an appointment",
    ),
    FreeText("appointments.BookingNeeds", ("text",), "booking__student", "access needs for an appointment"),
    FreeText("events.Registration", ("override_reason", "told_reason"), "student", "a registration"),
    FreeText("events.RegistrationAnswer", ("text",), "registration__student", "an answer at registration"),
    FreeText("events.RegistrationNeeds", ("text",), "registration__student", "access needs for an event"),
    FreeText("events.EventFeedback", ("text",), "registration__student", "feedback on an event"),
    FreeText("events.Event", ("title", "summary", "description", "told_reason"), "", "an event"),
    FreeText("events.EventNote", ("text",), "", "a message about an event"),
    FreeText("eligibility.Grant", ("reason",), "student", "the reason of an additional appointment"),
    FreeText("eligibility.Hold", ("reason", "message", "lifted_because"), "student", "a hold"),
    FreeText("eligibility.Strike", ("about", "excused_because"), "student", "a missed appointment"),
    FreeText("eligibility.StrikeReview", ("words",), "student", "a review of absences"),
    FreeText("queries.Query", ("subject", "about_words", "decided_because"), "person", "a query"),
    FreeText("queries.QueryMessage", ("text", "quoted"), "query__person", "a message of a query"),
    FreeText("queries.InboundEmail", ("subject",), "query__person", "an email that came in"),
    FreeText("wellbeing.Concern", ("facts", "tried", "origin_words"), "student", "a concern"),
    FreeText("wellbeing.ConcernStep", ("words",), "concern__student", "a concern’s log"),
    FreeText("wellbeing.Disclosure", ("shared", "why", "not_told_because"), "concern__student", "a disclosure"),
    FreeText("security.SecurityCase", ("summary", "termination_reason"), "person", "a security case"),
    FreeText("security.CaseEntry", ("words",), "case__person", "a security case’s log"),
    FreeText("security.CaseReport", ("subject", "text"), "case__person", "a report of a security case"),
    FreeText("security.Outcome", ("told_by",), "case__person", "an outcome of a security case"),
    FreeText("security.Lead", ("happened", "whose", "noticed", "judged_because"), "person", "a sign of misuse"),
    FreeText("retention.RightsRequest", ("words", "outcome_words"), "person", "a request about data"),
    FreeText("retention.RightsStep", ("words",), "request__person", "the story of a request"),
    FreeText("retention.LegalHold", ("reason", "lifted_because"), "person", "a legal hold"),
    FreeText("accounts.Proposal", ("reason",), "person", "a request that takes two people"),
    FreeText("appointments.TimeOut", ("reason",), "adviser", "an absence"),
    FreeText("queries.ReplyTemplate", ("name", "text"), "", "a reply template"),
)  # fmt: skip
BY_MODEL = {each.model: each for each in FREE_TEXTS}


@dataclass
class Names:
    """Finds people's names, numbers and addresses in texts, in one pass for any number of people.

    Matches the last part of a given or preferred name followed by the first part of the family name, and numbers and
    addresses as one word. Does not find nicknames or given names alone. A person reviews what is found.
    """

    pairs: dict[tuple[str, str], int] = field(default_factory=dict)
    single: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Iterable[User]) -> Names:
        names = cls()
        for person in people:
            names.add(person)
        return names

    def add(self, person: User) -> None:
        family = _words(person.family_name)
        for name in {person.given_name, person.preferred_name}:
            given = _words(name)
            if given and family:
                self.pairs[given[-1], family[0]] = person.pk
        for word in (person.university_id, person.email, person.personal_email):
            if word:
                self.single[word.casefold()] = person.pk

    def __bool__(self) -> bool:
        return bool(self.pairs or self.single)

    def found_in(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Start, length and primary key of the person, for each place."""
        before: re.Match[str] | None = None
        for word in WORD.finditer(text):
            said = word.group().casefold()
            if said in self.single:
                yield word.start(), len(word.group()), self.single[said]
            elif before is not None:
                stripped = said.strip(".@+-").removesuffix("'s").removesuffix("’s")
                key = (before.group().casefold().strip(".@+-"), stripped)
                if key in self.pairs:
                    yield before.start(), word.end() - before.start(), self.pairs[key]
            before = word


def _words(name: str) -> list[str]:
    return [word.casefold().strip(".@+-") for word in WORD.findall(name)]
