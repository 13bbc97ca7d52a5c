"""“Eligibility for services”: public, generated from the rules in force, and marked for the student who reads it
(ELIG-1)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from psycopg2.extras import DateRange
from syrupy.assertion import SnapshotAssertion

from accounts.models import User
from appointments.models import AppointmentType
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.rules.window_words import cancelling_sentence, missing_sentence, window_sentences
from eligibility.models import AudienceRule, Hold, Period
from foundation.values.times import database_now, local_day
from places.models import Confidentiality, MeetingMode
from portal.selectors.eligibility import LABELS, TypeWords, eligibility_page
from tests.appointments.api_cast import Program, problem
from tests.cast import Cast
from tests.factories import (
    AllocationPolicyFactory,
    AppointmentTypeFactory,
    AudienceFactory,
    LocationFactory,
    publish,
)
from tests.page_parts import empty_states

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-1")]

CV = {"activity": "cv-essentials", "name": "CV Essentials", "completed": True}
UNDERGRADUATES = {"course": {"level": ["undergraduate"], "status": ["current"]}}
RESEARCH = {"course": {"level": ["postgraduate_research"], "status": ["current"]}}


def of(type: AppointmentType, user: User | None = None) -> TypeWords:
    return next(said for said in eligibility_page(user).types if said.type == type)


def text(client: Client) -> str:
    return str(client.get(reverse("eligibility_list")).content.decode())


def test_eligibility_list_is_public_and_says_everything_of_each_type(client: Client, cast: Cast) -> None:
    audience = AudienceFactory(rule={"all": [UNDERGRADUATES, CV]})
    policies = [AllocationPolicyFactory(period=Period.ROLLING_DAYS, rolling_days=14), AllocationPolicyFactory(limit=3)]
    type = AppointmentTypeFactory(
        slug="applications-advice",
        name="Applications advice",
        audience=audience,
        policies=policies,
        notice_minutes=120,
        horizon_days=14,
        term_only=True,
        cancel_notice_minutes=1440,
        late_after_minutes=5,
        confidential_by_nature=False,
    )
    content = text(client)
    for words in (
        'id="applications-advice"',
        "Undergraduates.",
        "Open to those of them who have completed CV Essentials.",
        "One in any 14 days, and at most three a semester.",
        *window_sentences(type),
        "Not confidential",
        cancelling_sentence(type),
        missing_sentence(type),
        "careers@example.ac.uk",
    ):
        assert words in content, words
    assert "Open to you" not in content
    assert reverse("account_login") in content


def test_types_not_on_offer_are_not_listed(client: Client, cast: Cast) -> None:
    AppointmentTypeFactory(name="Tea leaves", is_offered=False)
    assert "Tea leaves" not in text(client)
    AppointmentType.objects.update(is_offered=False)
    assert empty_states(client.get(reverse("eligibility_list"))) == 1


def test_a_change_of_the_rules_is_a_change_of_the_page(client: Client, cast: Cast) -> None:
    assert "Everybody." in text(client)
    cast.type.audience.rule = RESEARCH
    cast.type.audience.save()
    assert "Everybody." not in text(client)
    assert "Research postgraduates" in text(client)


def test_scheduled_changes_are_announced_with_their_day(client: Client, cast: Cast) -> None:
    today, now = local_day(database_now()), database_now()
    for on, rule in (
        (today - timedelta(days=9), {"everybody": True}),
        (date(2030, 1, 1), {"all": [RESEARCH, CV]}),
        (date(2031, 8, 1), {}),
    ):
        AudienceRule.objects.create(audience=cast.type.audience, rule=rule, effective_from=on, set_at=now)
    sentences = [
        "From Tuesday 1 January 2030: research postgraduates. Open to those of them who have completed CV Essentials.",
        "From Friday 1 August 2031: nobody at present.",
    ]
    assert [change.sentence for change in of(cast.type).changes] == sentences
    content = text(client)
    assert "Everybody." in content
    assert sentences[0] in content
    said = client.get("/eligibility.json").json()["types"][0]["changes"]
    assert said[0] == {"from": "2030-01-01", "sentence": sentences[0]}


@pytest.mark.policy("APPT-1", "APPT-2")
def test_where_and_how_confidential_is_as_the_diaries_have_it(cast: Cast, snapshot: SnapshotAssertion) -> None:
    desk = LocationFactory(building="Library Commons", confidentiality=Confidentiality.MAY_NOT_BE)
    publish(cast.adviser, cast.type, desk, day=cast.day + timedelta(days=7))
    assert [place.level for place in of(cast.type).where] == ["confidential", "may_not_be", "confidential", ""]
    assert [place.text for place in of(cast.type).where] == snapshot
    cast.type.confidential_by_nature = False
    cast.type.save()
    assert {place.level for place in of(cast.type).where} == {"not_confidential"}


def test_types_that_are_counted_together_say_so(cast: Cast) -> None:
    other = AppointmentTypeFactory(name="Practice interview", policies=[cast.policy])
    assert "Counted together with Practice interview." in of(cast.type).how_many
    assert "Counted together with Careers guidance." in of(other).how_many


def test_different_numbers_for_different_audiences(cast: Cast) -> None:
    research = AudienceFactory(name="research postgraduates", rule=RESEARCH)
    cast.type.policies.add(AllocationPolicyFactory(limit=2, period=Period.MONTH, audience=research, name="Z"))
    assert of(cast.type).how_many == ("Three an academic year.", "For research postgraduates: two a month.")


def test_a_type_without_a_limit(cast: Cast, snapshot: SnapshotAssertion) -> None:
    free = of(AppointmentTypeFactory(modes=[MeetingMode.ONLINE]))
    assert (free.how_many, free.missing) == snapshot


# What applies to me.


def mine(type: AppointmentType, user: User) -> Any:
    return of(type, user).mine


def test_open_to_me_with_what_is_left(client: Client, cast: Cast) -> None:
    found = mine(cast.type, cast.student)
    assert (found.state, found.label) == ("open", "Open to you")
    assert found.left.startswith("3 of 3 left for 20")
    client.force_login(cast.student)
    assert reverse("time_list", args=[cast.type.slug]) in text(client)


def test_not_open_to_me_and_what_would_change_it(client: Client, cast: Cast) -> None:
    type = AppointmentTypeFactory(audience=AudienceFactory(rule={"all": [RESEARCH, CV]}))
    found = mine(type, cast.student)
    assert (found.state, found.label) == ("closed", LABELS["closed"])
    assert [reason.code for reason in found.reasons] == ["not_eligible", "activity_needed"]
    client.force_login(cast.student)
    assert found.label in text(client)
    assert "Complete CV Essentials." in text(client)


def test_used_up_until_when(cast: Cast) -> None:
    cast.type.policies.set([AllocationPolicyFactory(period=Period.ROLLING_DAYS, rolling_days=90)])
    booking = book_appointment(student=cast.student, choice=cast.choice(9), details=Details(), by=cast.student)
    found = mine(cast.type, cast.student)
    again = booking.local_date + timedelta(days=90)
    assert found.state == "used"
    assert found.label.startswith("Used up until ")
    assert f"{again.day} {again:%B %Y}" in found.label


@pytest.mark.policy("ELIG-3")
def test_a_hold_is_said_once(client: Client, cast: Cast) -> None:
    today = local_day(database_now())
    Hold.objects.create(
        student=cast.student,
        during=DateRange(today, today + timedelta(days=90)),
        reason="for staff only",
        message="Come and see me.",
        decided_by=cast.manager,
    )
    AppointmentTypeFactory()
    client.force_login(cast.student)
    content = text(client)
    assert content.count("Come and see me.") == 1
    assert "for staff only" not in content
    assert mine(cast.type, cast.student).state == "on_hold"
    assert "Come and see" not in text(Client())


def test_out_of_term_it_is_for_me_but_not_now(cast: Cast) -> None:
    type = AppointmentTypeFactory(term_only=True)
    found = mine(type, cast.student)
    assert (found.state, found.label) == ("not_now", LABELS["not_now"])


def test_staff_read_it_unmarked(client: Client, cast: Cast) -> None:
    for person in (cast.adviser, cast.administrator, cast.outsider):
        client.force_login(person)
        content = text(client)
        assert "Open to you" not in content
        assert "sign in</a> and this page" not in content


def test_the_same_number_of_queries_at_one_and_three_types(client: Client, cast: Cast) -> None:
    def asked(client: Client) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("eligibility_list"))
        return len(queries)

    me = Client()
    me.force_login(cast.student)
    assert asked(client) == 6  # clock, settings, types with audiences, policies, places, what is scheduled
    assert asked(me) == 7  # session, person, facts, types with audiences, policies, places, what is scheduled
    for weeks in (1, 2):
        type = AppointmentTypeFactory(policies=[AllocationPolicyFactory()])
        publish(cast.adviser, type, cast.room, day=cast.day + timedelta(weeks=weeks))
    assert asked(client) == 6
    assert asked(me) == 7


def test_it_is_reached_from_the_footer_and_the_types_list(client: Client, cast: Cast) -> None:
    link = f'href="{reverse("eligibility_list")}"'
    assert link in client.get(reverse("privacy")).content.decode()
    assert link in client.get(reverse("policies")).content.decode()
    client.force_login(cast.student)
    assert client.get(reverse("type_list")).content.decode().count(link) == 2


# API.


def test_the_same_as_json(client: Client, cast: Cast) -> None:
    answer = client.get("/eligibility.json")
    assert answer["Content-Type"] == "application/json"
    said = answer.json()
    assert said == client.get("/api/v1/eligibility/").json()
    [type] = said["types"]
    assert type["who"] == ["Everybody."]
    assert type["page"] == f"http://testserver/eligibility/#{cast.type.slug}"
    assert type["mine"] is None
    assert said["contact"] == "careers@example.ac.uk"


def test_json_for_me(cast: Cast) -> None:
    type = AppointmentTypeFactory(name="Advice", audience=AudienceFactory(rule={"all": [RESEARCH, CV]}))
    said = {each["id"]: each["mine"] for each in Program(cast.student).get("/eligibility/").json()["types"]}
    assert said[cast.type.public_id]["state"] == "open"
    assert said[type.public_id]["reasons"] == [
        {"code": reason.code, "message": reason.message, "remedy": reason.remedy}
        for reason in mine(type, cast.student).reasons
    ]
    assert [reason["code"] for reason in said[type.public_id]["reasons"]] == ["not_eligible", "activity_needed"]
    assert all(each["mine"] is None for each in Program(cast.adviser).get("/eligibility/").json()["types"])
    shown = Program(cast.student).get("/appointment-types/").json()["results"]
    assert {each["id"]: each["reasons"] for each in shown}[type.public_id] == said[type.public_id]["reasons"]


def test_the_short_url_ignores_who_asks(client: Client, cast: Cast) -> None:
    client.force_login(cast.student)
    assert all(each["mine"] is None for each in client.get("/eligibility.json").json()["types"])


def test_a_token_that_is_unknown_is_said_to_be(client: Client) -> None:
    problem(client.get("/api/v1/eligibility/", headers={"Authorization": "Token cc_nonsense"}), 401)


def test_students_staff_and_programs_read_the_same_words(client: Client, cast: Cast) -> None:
    """The list of types, the refusal page, the public page, the staff page and the API."""
    type = AppointmentTypeFactory(slug="advice", name="Advice", audience=AudienceFactory(rule={"all": [RESEARCH, CV]}))
    sentences = ["This is for research postgraduates.", "Complete CV Essentials."]
    own, times = reverse("type_list"), reverse("time_list", args=[type.slug])
    staff = reverse("staff_type_list", args=[cast.student.public_id])
    staff_times = reverse("staff_time_list", args=[cast.student.public_id, type.slug])
    for person, address in (
        (cast.student, own),
        (cast.student, times),
        (cast.student, reverse("eligibility_list")),
        (cast.front_desk, staff),
        (cast.front_desk, staff_times),
    ):
        client.force_login(person)
        content = client.get(address).content.decode()
        for words in sentences:
            assert words in content, (address, words)
    said = Program(cast.front_desk).get(f"/appointment-types/{type.slug}/", student=cast.student.public_id).json()
    assert [said["reasons"][0]["message"], said["reasons"][1]["remedy"]] == sentences


@pytest.mark.policy("ELIG-3")
def test_staff_read_a_hold_once(client: Client, cast: Cast) -> None:
    today = local_day(database_now())
    Hold.objects.create(
        student=cast.student,
        during=DateRange(today, today + timedelta(days=90)),
        reason="missed three",
        message="Come and see me.",
        decided_by=cast.manager,
    )
    AppointmentTypeFactory()
    client.force_login(cast.front_desk)
    content = client.get(reverse("staff_type_list", args=[cast.student.public_id])).content.decode()
    assert content.count("Come and see me.") == 1
    assert content.count("Needs a reason") == 2
