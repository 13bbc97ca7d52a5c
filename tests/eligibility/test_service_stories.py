"""Services’ pages as rules files, run through the API with the clock moved over ends of terms, 1 August and both clock
changes; and what their public pages and messages say, compared with the rules.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appointments.models import AppointmentType, DiaryBlock
from appointments.rules.ways_to_miss import as_it_can_happen
from appointments.rules.window_words import cancelling_sentence, missing_sentence
from eligibility.models import AllocationUse, Hold
from eligibility.operations.strikes import record_absence
from eligibility.rules.miss_words import count_sentence, rule_sentences, what_next
from eligibility.selectors.miss_rules import miss_rules_in_force
from eligibility.selectors.student_facts import student_context
from foundation.values.times import at
from messaging.models import OutboxMessage
from messaging.rules.kinds import kind_named
from portal.selectors.absences import reviews_to_decide
from rulebook.file.shape import read
from rulebook.file.text import read_path
from rulebook.operations.import_rules import import_rules
from tests.appointments.api_cast import V1
from tests.cast import Cast, assemble
from tests.clock import stop_database_clock
from tests.eligibility.stories import STORIES
from tests.eligibility.test_services import NAMES, SERVICES
from tests.factories import publish

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-1", "ELIG-2", "ELIG-3", "APPT-5")]


class ServiceStory:
    """One student and one adviser at a service, each by the API."""

    def __init__(self, name: str) -> None:
        import_rules(file=read(read_path(SERVICES / f"{name}.yaml")), by=None)
        self.cast: Cast = assemble()
        DiaryBlock.objects.all().delete()
        self.types = {type.slug: type for type in AppointmentType.objects.exclude(pk=self.cast.type.pk)}
        AppointmentType.objects.filter(pk=self.cast.type.pk).update(is_offered=False)
        self.ids: dict[str, str] = {}
        self.published: set[date] = set()
        self.now = at(date(2026, 8, 1), time(9))

    def go(self, when: str) -> None:
        self.now = moment(when)
        stop_database_clock(self.now)

    def post(self, by: Any, path: str, body: dict[str, Any]) -> str:
        with time_machine.travel(self.now, tick=False):
            client = Client()
            client.force_login(by)
            answer = client.post(V1 + path, body, content_type="application/json")
        said: dict[str, Any] = answer.json()
        self.last = said
        return "ok" if answer.status_code < 300 else str(said["code"])

    def time(self, when: str) -> dict[str, Any]:
        starts_at = moment(when)
        day = date.fromisoformat(when[:10])
        if day not in self.published:
            self.published.add(day)
            block = publish(self.cast.adviser, self.cast.type, self.cast.room, day=day)
            block.types.set(self.types.values())
        place = {"adviser": self.cast.adviser.public_id, "mode": "in_person", "location": self.cast.room.public_id}
        return {"start": starts_at.isoformat(), **place}

    def book(self, words: str) -> str:
        name, slug, when = words.split(" ", 2)
        answer = self.post(self.cast.student, "/bookings/", {"type": slug, **self.time(when)})
        if answer == "ok":
            self.ids[name] = self.last["id"]
        return answer

    def move(self, words: str) -> str:
        name, when = words.split(" ", 1)
        return self.post(self.cast.student, f"/bookings/{self.ids[name]}/move/", self.time(when))

    def cancel(self, name: str) -> str:
        return self.post(self.cast.student, f"/bookings/{self.ids[name]}/cancel/", {})

    def mark(self, words: str) -> str:
        name, outcome, *minutes = words.split()
        body: dict[str, Any] = {"outcome": outcome} | ({"minutes_late": int(minutes[0])} if minutes else {})
        return self.post(self.cast.adviser, f"/bookings/{self.ids[name]}/attendance/", body)

    def event(self, day: str) -> None:
        on = date.fromisoformat(day)
        record_absence(student=self.cast.student, kind="event", about="Law fair", on=on, by=self.cast.manager)

    def counts(self, slug: str) -> int:
        (found,) = [each for each in student_context(self.cast.student.pk).miss_counts if each.rule.slug == slug]
        return found.count

    def uses(self, _: str) -> int:
        return AllocationUse.objects.filter(student=self.cast.student).count()

    def reviews(self, _: str) -> int:
        return len(reviews_to_decide(self.cast.manager))

    def held(self, after: str) -> bool:
        holds = Hold.objects.filter(student=self.cast.student, decided_by__isnull=True)
        return holds.exists() and str(holds.get().during.upper) == after

    def messages_say_what_the_rules_say(self) -> None:
        """Each message about a miss, read as it would be sent now."""
        counted = student_context(self.cast.student.pk).miss_counts
        for message in OutboxMessage.objects.filter(kind="eligibility.missed"):
            text = kind_named(message.kind).compose(message).text
            mine = [each for each in counted if any(miss.source_id == message.regarding for miss in each.misses)]
            for each in mine:
                assert count_sentence(each) in text
                assert what_next(each) in text
            uses = AllocationUse.objects.filter(source_id=message.regarding).exists()
            letter = any(each.step and each.step.letter for each in mine)
            assert ("It counts" in text) == (uses and not letter)
            managed = any(step.asks_manager for each in mine for step in each.rule.steps)
            assert managed or "manager" not in text


def moment(text: str) -> datetime:
    wall = datetime.fromisoformat(text)
    return at(wall.date(), wall.time())


def test_every_service_has_a_story() -> None:
    assert set(STORIES) == set(NAMES)
    assert len(NAMES) == 15


@pytest.mark.parametrize("name", STORIES)
def test_a_service_does_what_its_page_says(name: str) -> None:
    story = ServiceStory(name)
    for number, (when, verb, words, expected) in enumerate(STORIES[name]):
        story.go(when)
        assert getattr(story, verb)(words) == expected, (number, when, verb, words)
        if verb == "mark":
            story.messages_say_what_the_rules_say()


@pytest.mark.parametrize("name", NAMES)
def test_the_public_pages_say_what_the_rules_say(name: str, client: Client) -> None:
    import_rules(file=read(read_path(SERVICES / f"{name}.yaml")), by=None)
    types = list(AppointmentType.objects.with_rules())
    names = {type.slug: type.name for type in types}
    on = moment("2026-11-27 12:00")
    stop_database_clock(on)
    rules = miss_rules_in_force(on.date())
    with time_machine.travel(on, tick=False):
        policies = client.get(reverse("policies")).content.decode()
        eligibility = client.get(reverse("eligibility_list")).content.decode()
    for rule in rules:
        counts, *others = rule_sentences(as_it_can_happen(rule, types), names)
        assert all(sentence in policies for sentence in (counts, *others))
        covered = [type for type in types if not rule.types or type.slug in rule.types]
        may_cancel_too_late = any(type.late_cancelling == "miss" for type in covered)
        assert ("cancelling" in counts) == (may_cancel_too_late and "cancelled_late" in rule.what), counts
    by_itself = any(step.hold and step.hold.by_itself for rule in rules for step in rule.steps)
    assert ("without a person" in policies) == by_itself
    for type in types:
        assert cancelling_sentence(type) in eligibility
        assert missing_sentence(type) in eligibility
    assert any(type.limits for type in types) or "one of your" not in policies + eligibility
