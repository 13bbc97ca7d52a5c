"""The administrators' pages for rules: who may open them, what they say, and how many queries they make."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Draft, Level
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.rules.window_words import cancelling_sentence, window_sentences
from eligibility.models import Activity, ActivityKind, Audience, AudienceRule
from eligibility.operations.schedule_rule import schedule_rule
from eligibility.selectors.audience_history import rule_on
from tests.accounts.test_drafts import browser_of, send
from tests.cast import Cast
from tests.factories import (
    AllocationPolicyFactory,
    AppointmentTypeFactory,
    AudienceFactory,
    EnrolmentFactory,
    ProgrammeFactory,
    StudentFactory,
)
from tests.page_parts import alerts, fields_at_fault, hidden_version, markup, refusals

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-1")]

UNDERGRADUATES = {"course": {"level": ["undergraduate"], "status": ["current"]}}
RESEARCH = {"course": {"level": ["postgraduate_research"], "status": ["current"]}}


@pytest.fixture
def office(cast: Cast, client: Client) -> Client:
    client.force_login(cast.administrator)
    return client


@pytest.fixture
def audience(cast: Cast) -> Audience:
    found: Audience = cast.type.audience
    return found


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def sent(rule: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"rule": json.dumps(rule), "effective_from": str(tomorrow()), "note": "The board's decision.", **more}


def schedule(audience: Audience, rule: dict[str, Any], cast: Cast, days: int = 0) -> AudienceRule:
    day = timezone.localdate() + timedelta(days=days)
    return schedule_rule(audience=audience, rule=rule, effective_from=day, by=cast.administrator)


def done(name: str) -> dict[str, Any]:
    slug = name.lower().replace(" ", "-")
    Activity.objects.get_or_create(slug=slug, defaults={"name": name, "kind": ActivityKind.COMPLETION})
    return {"activity": slug, "name": name, "completed": True}


def text(client: Client, name: str, *args: Any, **data: Any) -> str:
    answer = client.get(reverse(name, args=args), data)
    assert answer.status_code == 200
    return answer.content.decode()


READ = ("audience_list", "audience_create", "type_rule_list")
OF_ONE = ("audience_detail", "audience_change", "audience_try")
SENT = ("audience_change", "audience_preview", "audience_check", "audience_schedule", "audience_try")


class TestWhoEnters:
    @pytest.mark.parametrize("who", ["student", "adviser", "front_desk", "manager", "outsider"])
    def test_nobody_but_administrators(self, cast: Cast, audience: Audience, client: Client, who: str) -> None:
        version = schedule_rule(audience=audience, rule=RESEARCH, effective_from=tomorrow(), by=cast.administrator)
        client.force_login(getattr(cast, who))
        for name in READ:
            assert client.get(reverse(name)).status_code == 404, name
        for name in OF_ONE:
            assert client.get(reverse(name, args=[audience.slug])).status_code == 404, name
        for name in SENT:
            assert client.post(reverse(name, args=[audience.slug]), sent(RESEARCH)).status_code == 404, name
        for name in ("rule_withdraw", "rule_roll_back"):
            assert client.post(reverse(name, args=[audience.slug, version.pk])).status_code == 404, name
        assert audience.versions.filter(effective_from__gt=timezone.localdate()).count() == 1

    def test_signed_out_to_the_sign_in_page(self, audience: Audience, client: Client) -> None:
        for name in OF_ONE:
            address = reverse(name, args=[audience.slug])
            assert client.get(address).headers["Location"].endswith(f"?next={address}")

    def test_an_unknown_audience_is_not_found(self, office: Client) -> None:
        for name in OF_ONE:
            assert office.get(reverse(name, args=["nowhere"])).status_code == 404


class TestBuilding:
    def test_a_rule_is_built_from_nothing_without_scripts(self, office: Client) -> None:
        audience = AudienceFactory(slug="fresh", rule={})
        Activity.objects.create(slug="cv-score", name="CV score", kind=ActivityKind.SCORE)
        address = reverse("audience_change", args=[audience.slug])
        assert "Not finished yet: 1 thing still to say." in text(office, "audience_change", audience.slug)
        fields = {"r.kind": "all", "action": "add:r", "r.new": "course"}
        page = office.post(address, fields).content.decode()
        assert 'name="r.0.level" value="undergraduate"' in page
        fields |= {"r.0.kind": "course", "r.0.level": "undergraduate", "r.new": "any"}
        page = markup(office.post(address, fields))
        assert 'name="r.0.level" value="undergraduate" checked' in page
        assert 'name="r.1.new"' in page
        fields |= {"r.1.kind": "any", "action": "add:r.1", "r.1.new": "activity"}
        assert 'name="r.1.0.activity"' in office.post(address, fields).content.decode()
        fields |= {"r.1.0.kind": "activity", "r.1.0.activity": "cv-score", "action": "update"}
        assert 'name="r.1.0.number"' in office.post(address, fields).content.decode()
        fields |= {"r.1.0.number": "70", "action": "update"}
        page = office.post(address, fields).content.decode()
        assert "undergraduates if they have reached 70 in CV score" in page
        assert '<b class="tabular">0</b>' in page
        assert not audience.versions.filter(effective_from__gt=timezone.localdate()).exists()

    def test_what_is_missing_is_said_at_its_field(self, office: Client, audience: Audience) -> None:
        fields = {"r.kind": "all", "r.0.kind": "activity", "action": "preview"}
        answer = office.post(reverse("audience_preview", args=[audience.slug]), fields)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert '<a href="#r.0.activity">Choose an activity.</a>' in page
        assert 'aria-describedby="r.0.activity_error"' in page

    def test_programmes_are_searched_for(self, office: Client, audience: Audience, cast: Cast) -> None:
        programme = cast.student.enrolments.get().programme
        fields = {"r.kind": "all", "r.0.kind": "course", "r.0.find": programme.name, "action": "find"}
        page = office.post(reverse("audience_change", args=[audience.slug]), fields).content.decode()
        assert f'name="r.0.programme" value="{programme.code}">' in page
        fields |= {"r.0.find": "Alchemy"}
        page = office.post(reverse("audience_change", args=[audience.slug]), fields).content.decode()
        assert "No other programme" in page
        assert "“Alchemy”" in page

    def test_the_preview_leads_back_to_the_builder_with_the_draft(self, office: Client, audience: Audience) -> None:
        page = markup(office.post(reverse("audience_change", args=[audience.slug]), sent(RESEARCH)))
        assert 'value="postgraduate_research" checked' in page

    def test_post_only_pages_redirect_to_the_builder(self, office: Client, audience: Audience) -> None:
        for name in ("audience_preview", "audience_check", "audience_schedule"):
            answer = office.get(reverse(name, args=[audience.slug]))
            assert answer.headers["Location"] == reverse("audience_change", args=[audience.slug])

    def test_a_draft_that_got_lost_or_is_no_rule_starts_over(self, office: Client, audience: Audience) -> None:
        for draft in ("", "{", '{"magic": true}', "[" * 100_000):
            for name in ("audience_preview", "audience_check", "audience_schedule"):
                answer = office.post(reverse(name, args=[audience.slug]), {**sent(RESEARCH), "rule": draft})
                assert "Change the rule" in answer.content.decode()
        assert not audience.versions.filter(effective_from__gt=timezone.localdate()).exists()


class TestPreview:
    def test_who_matches_gains_and_loses_by_kind_and_never_by_name(
        self, office: Client, audience: Audience, cast: Cast
    ) -> None:
        schedule(audience, UNDERGRADUATES, cast)
        researcher = StudentFactory(course={"level": "postgraduate_research"})
        answer = office.post(reverse("audience_preview", args=[audience.slug]), sent(RESEARCH))
        total = answer.context["preview"].total
        assert (total.now, total.will, total.gains, total.loses) == (2, 1, 1, 2)
        levels = {row.label: (row.now, row.will) for row in answer.context["preview"].tables[0].rows}
        assert levels == {"Undergraduate": (2, 0), "Research postgraduate": (0, 1)}
        page = answer.content.decode()
        assert "Level of study: " in page
        for person in (researcher, cast.student):
            assert person.family_name not in page
            assert person.email not in page

    def test_people_without_a_course_and_with_two_are_counted_once(
        self, office: Client, audience: Audience, cast: Cast
    ) -> None:
        StudentFactory(course=False)
        EnrolmentFactory(student=cast.student, started_on=timezone.localdate(), level="postgraduate_taught")
        answer = office.post(reverse("audience_preview", args=[audience.slug]), sent({"everybody": True}))
        levels = {row.label: row.will for row in answer.context["preview"].tables[0].rows}
        assert levels.pop(Level.UNDERGRADUATE.label.capitalize()) == 1
        assert levels.pop(Level.POSTGRADUATE_TAUGHT.label.capitalize()) == 1
        ((label, number),) = levels.items()
        assert (label.startswith("No course"), number) == (True, 1)

    def test_bookings_of_people_who_no_longer_match_stay(self, office: Client, audience: Audience, cast: Cast) -> None:
        booking = book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
        answer = office.post(reverse("audience_preview", args=[audience.slug]), sent(RESEARCH))
        assert (answer.context["standing"].people, answer.context["standing"].bookings) == (1, 1)
        office.post(reverse("audience_schedule", args=[audience.slug]), sent(RESEARCH))
        booking.refresh_from_db()
        assert booking.status == "booked"
        later = sent(RESEARCH, effective_from=str(booking.local_date + timedelta(days=1)))
        answer = office.post(reverse("audience_preview", args=[audience.slug]), later)
        assert answer.context["standing"].bookings == 0

    def test_an_empty_rule_is_said_to_match_nobody(self, office: Client, audience: Audience) -> None:
        answer = office.post(reverse("audience_preview", args=[audience.slug]), sent({}))
        assert answer.context["preview"].total.will == 0
        assert "warning" in alerts(answer)


class TestScheduling:
    def test_checked_scheduled_seen_and_withdrawn(self, office: Client, audience: Audience, cast: Cast) -> None:
        page = office.post(reverse("audience_check", args=[audience.slug]), sent(RESEARCH)).content.decode()
        assert "The board&#x27;s decision." in page
        assert not audience.versions.filter(effective_from__gt=timezone.localdate()).exists()
        answer = office.post(reverse("audience_schedule", args=[audience.slug]), sent(RESEARCH))
        assert answer.headers["Location"] == reverse("audience_scheduled", args=[audience.slug])
        version = audience.versions.get(effective_from=tomorrow())
        assert (version.rule, version.set_by, version.note) == (RESEARCH, cast.administrator, "The board's decision.")
        assert "It holds from" in text(office, "audience_scheduled", audience.slug)
        assert "Changes on" in text(office, "audience_list")
        assert "For research postgraduates." in text(office, "audience_detail", audience.slug)
        assert rule_on(audience, timezone.localdate()) != RESEARCH
        assert rule_on(audience, tomorrow()) == RESEARCH
        office.post(reverse("rule_withdraw", args=[audience.slug, version.pk]))
        assert rule_on(audience, tomorrow()) != RESEARCH

    def test_a_draft_begun_before_another_change_asks_once(
        self, office: Client, audience: Audience, cast: Cast
    ) -> None:
        """Every step sends the version of the first page to the next."""
        old = hidden_version(office.get(reverse("audience_change", args=[audience.slug])))
        schedule(audience, done("CV check"), cast, days=5)
        said = sent(RESEARCH, version=old)
        for step in ("audience_change", "audience_preview", "audience_check", "audience_try"):
            assert hidden_version(office.post(reverse(step, args=[audience.slug]), said)) == old, step
        address = reverse("audience_schedule", args=[audience.slug])
        stale = office.post(address, said)
        assert (stale.status_code, refusals(stale)) == (409, ["changed_since"])
        assert not audience.versions.filter(effective_from=tomorrow()).exists()
        assert office.post(address, {**said, "version": hidden_version(stale)}).status_code == 302
        assert audience.versions.get(effective_from=tomorrow()).rule == RESEARCH

    @pytest.mark.parametrize("step", ["audience_change", "audience_preview"])
    def test_a_rule_that_is_being_built_survives_the_end_of_a_session(
        self, office: Client, audience: Audience, cast: Cast, settings: Any, step: str
    ) -> None:
        page = reverse("audience_change", args=[audience.slug])
        built = {"r.kind": "any", "r.0.kind": "course", "r.0.year_at_least": "what I meant", "r.1.kind": "everybody"}
        send(browser_of(cast.administrator, settings), page, reverse(step, args=[audience.slug]), built)
        office = Client()
        office.force_login(cast.administrator)
        shown = office.get(page).context
        assert [part.kind for part in shown["shown"].node.parts] == ["course", "everybody"]
        assert shown["shown"].node.parts[0].value("year_at_least") == "what I meant"
        assert len(shown["typed_before"]) == 1
        assert office.post(reverse("audience_schedule", args=[audience.slug]), sent(RESEARCH)).status_code == 302
        assert not Draft.objects.exists()

    def test_a_day_and_a_reason_are_asked_for(self, office: Client, audience: Audience) -> None:
        answer = office.post(
            reverse("audience_check", args=[audience.slug]), sent(RESEARCH, note="", effective_from="")
        )
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"note", "effective_from"}

    def test_the_past_is_refused_with_a_sentence(self, office: Client, audience: Audience) -> None:
        yesterday = str(timezone.localdate() - timedelta(days=1))
        answer = office.post(
            reverse("audience_schedule", args=[audience.slug]), sent(RESEARCH, effective_from=yesterday)
        )
        assert answer.status_code in (409, 422)
        assert audience.versions.filter(rule=RESEARCH).count() == 0

    def test_roll_back_shows_what_it_would_do_and_does_it(self, office: Client, audience: Audience, cast: Cast) -> None:
        first = schedule(audience, UNDERGRADUATES, cast)
        schedule(audience, RESEARCH, cast, days=1)
        page = text(office, "rule_roll_back", audience.slug, first.pk)
        assert "For undergraduates" in page
        day = str(timezone.localdate() + timedelta(days=2))
        answer = office.post(reverse("rule_roll_back", args=[audience.slug, first.pk]), {"effective_from": day})
        assert answer.status_code == 302
        assert rule_on(audience, timezone.localdate() + timedelta(days=2)) == UNDERGRADUATES

    def test_another_audiences_version_is_not_found(self, office: Client, audience: Audience, cast: Cast) -> None:
        other = schedule(AudienceFactory(slug="other"), RESEARCH, cast, days=1)
        for name in ("rule_withdraw", "rule_roll_back"):
            assert office.post(reverse(name, args=[audience.slug, other.pk])).status_code == 404

    def test_a_new_audience_matches_nobody(self, office: Client) -> None:
        answer = office.post(reverse("audience_create"), {"name": "research postgraduates"})
        created = Audience.objects.get(slug="research-postgraduates")
        assert answer.headers["Location"] == reverse("audience_change", args=[created.slug])
        assert rule_on(created, timezone.localdate()) == {}
        again = office.post(reverse("audience_create"), {"name": "Research postgraduates"})
        assert again.status_code == 422
        assert fields_at_fault(again) == ["id_name"]
        assert AuditEntry.objects.filter(action="added", subject="audience", subject_id=created.slug).count() == 1


class TestTrying:
    def test_every_failing_condition_with_its_remedy(self, office: Client, audience: Audience, cast: Cast) -> None:
        rule = {"all": [RESEARCH, {"any": [done("CV Essentials"), done("Interview Essentials")]}]}
        data = {**sent(rule), "q": "Okafor", "on": str(tomorrow())}
        page = office.post(reverse("audience_try", args=[audience.slug]), data).content.decode()
        assert "Amara Okafor" in page
        page = office.post(
            reverse("audience_try", args=[audience.slug]), {**data, "person": cast.student.public_id}
        ).content.decode()
        assert "Does not match" in page
        assert "omplete CV Essentials" in page
        assert "omplete Interview Essentials" in page

    @pytest.mark.policy("DATA-6")
    def test_trying_a_rule_on_a_person_is_recorded(self, office: Client, audience: Audience, cast: Cast) -> None:
        page = text(office, "audience_try", audience.slug, q=cast.student.email, person=cast.student.public_id)
        assert "Matches" in page
        entry = AuditEntry.objects.get(subject="eligibility")
        assert (entry.actor, entry.student, entry.subject_id) == (cast.administrator, cast.student, audience.slug)

    def test_only_students_and_graduates_are_found(self, office: Client, audience: Audience, cast: Cast) -> None:
        assert "Nobody is found" in text(office, "audience_try", audience.slug, q=cast.adviser.email)
        address = reverse("audience_try", args=[audience.slug])
        assert office.get(address, {"person": cast.adviser.public_id}).status_code == 404
        assert "Found" not in text(office, "audience_try", audience.slug)


class TestReadingRules:
    def test_how_many_and_when_in_sentences(self, office: Client, cast: Cast) -> None:
        cast.type.notice_minutes = 120
        cast.type.term_only = True
        cast.type.save()
        AppointmentTypeFactory(name="Second type", policies=[cast.policy])
        page = text(office, "type_rule_list")
        assert "counted together with" in page
        assert "Second type" in page
        assert " ".join([*window_sentences(cast.type), cancelling_sentence(cast.type)]) in page

    @pytest.mark.parametrize("name", ["audience_list", "type_rule_list"])
    def test_lists_ask_no_more_for_more_rows(self, office: Client, cast: Cast, name: str) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                text(office, name)
            return len(queries)

        schedule(cast.type.audience, UNDERGRADUATES, cast, days=1)
        asked()
        one = asked()
        for number in range(2):
            audience = AudienceFactory(slug=f"more-{number}")
            schedule(audience, RESEARCH, cast, days=1)
            AppointmentTypeFactory(audience=audience, policies=[AllocationPolicyFactory(audience=audience)])
        assert asked() == one

    def test_the_builder_and_the_preview_ask_a_fixed_number(
        self, office: Client, audience: Audience, cast: Cast
    ) -> None:
        def asked() -> list[int]:
            found = []
            for name in ("audience_change", "audience_preview", "audience_check"):
                with CaptureQueriesContext(connection) as queries:
                    office.post(reverse(name, args=[audience.slug]), sent(RESEARCH))
                found.append(len(queries))
            return found

        asked()
        before = asked()
        for _ in range(3):
            StudentFactory(course={"level": "postgraduate_research"})
            ProgrammeFactory()
        assert asked() == before

    def test_reachable_from_the_configuration(self, office: Client) -> None:
        page = text(office, "configuration")
        for name in ("audience_list", "type_rule_list"):
            assert f'href="{reverse(name)}"' in page
