"""Concerns: any member of staff may raise one, only wellbeing leads see it, and a lead decides on disclosure
(DATA-6)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Role, User
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day
from messaging.models import OutboxMessage
from messaging.operations.deliver import deliver_message
from messaging.rules.kinds import kind_named
from tests.cast import Cast
from tests.factories import UserFactory
from tests.page_parts import tree_of
from wellbeing.models import Concern, ConcernStep, Disclosure
from wellbeing.operations.follow_concern import close_concern, disclose, read_concern, reopen_concern, take_step
from wellbeing.operations.raise_concern import Seen, raise_concern

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-6", "ELIG-3")]

FACTS = "Has not slept for days, as he says."
CountQueries = Callable[[int], Any]


@pytest.fixture
def lead(cast: Cast) -> User:
    return UserFactory(given_name="Nadia", roles=[Role.WELLBEING_LEAD])


def concern(cast: Cast, by: User | None = None, **more: str) -> Concern:
    seen = Seen(facts=FACTS, **{"seriousness": "serious", **more})
    return raise_concern(student=cast.student, seen=seen, by=by or cast.adviser)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def in_days(days: int) -> Any:
    return local_day(database_now()) + timedelta(days=days)


class TestRaising:
    @pytest.mark.parametrize("who", ["adviser", "front_desk", "manager", "administrator"])
    def test_any_member_of_staff_may_raise_one_and_leads_are_told_without_a_name(
        self, cast: Cast, lead: User, who: str
    ) -> None:
        concern(cast, getattr(cast, who), seriousness="urgent")
        message = OutboxMessage.objects.get(kind="wellbeing.concern_waits")
        assert message.recipient == lead
        deliver_message(message.public_id)
        message.refresh_from_db()
        said = f"{message.subject} {message.body_text} {message.body_html} {message.context}"
        for words in (cast.student.given_name, cast.student.family_name, cast.student.public_id, FACTS):
            assert words not in said
        assert "urgent" in message.subject

    def test_students_raise_none_and_none_are_about_staff(self, cast: Cast) -> None:
        with pytest.raises(Refused):
            concern(cast, cast.other_student)
        with pytest.raises(Refused):
            raise_concern(student=cast.adviser, seen=Seen(FACTS, "serious"), by=cast.manager)

    def test_the_person_who_raised_it_sees_only_that_it_was_received(self, cast: Cast, lead: User) -> None:
        client = as_(cast.adviser)
        where = reverse("concern_raise", args=[cast.student.public_id])
        assert client.post(where, {"facts": "", "seriousness": "serious"}).status_code == 422
        answer = client.post(where, {"facts": FACTS, "seriousness": "serious"}, follow=True)
        assert answer.redirect_chain[-1][0] == reverse("concern_raised")
        assert answer.templates[0].name == "wellbeing/concern_raised.html"
        made = Concern.objects.get()
        assert made.public_id not in answer.content.decode()
        assert client.get(reverse("concern_detail", args=[made.public_id])).status_code == 404


class TestNobodyElseLearns:
    def test_no_page_count_search_or_trail_reveals_it(self, cast: Cast, lead: User) -> None:
        made = concern(cast)
        governance = UserFactory(roles=[Role.INFORMATION_GOVERNANCE])
        pages = {
            cast.adviser: ["today", "student_list"],
            cast.manager: ["review_list", "query_inbox"],
            governance: ["trail_list", "security_register"],
            cast.administrator: ["configuration", "admin:messaging_outboxmessage_changelist",
                                 "admin:accounts_auditentry_changelist"],
            cast.student: ["held_list", "reading_list", "home"],
        }  # fmt: skip
        read_concern(concern=made, by=lead)
        for person, names in pages.items():
            client = as_(person)
            for name in names:
                said = client.get(reverse(name), {"q": cast.student.family_name}).content.decode()
                for words in (made.public_id, FACTS, "wellbeing_concern", "wellbeing.concern", "concern_raised"):
                    assert words not in said, (person, name, words)

    def test_the_trail_keeps_it_without_saying_about_whom(self, cast: Cast, lead: User) -> None:
        made = concern(cast)
        take_step(concern=made, kind="contact", words="We talked.", next_on=in_days(7), by=lead)
        entries = AuditEntry.objects.filter(subject="wellbeing_concern")
        assert entries.count() == 2
        assert not entries.filter(student__isnull=False).exists()
        assert FACTS not in str(list(entries.values()))

    def test_the_student_cannot_see_it(self, cast: Cast, lead: User) -> None:
        concern(cast)
        assert not Concern.objects.visible_to(cast.student).exists()

    def test_a_lead_cannot_see_one_about_themselves(self, cast: Cast, lead: User) -> None:
        made = concern(cast)
        cast.student.roles = [Role.STUDENT, Role.WELLBEING_LEAD]
        cast.student.save()
        assert not Concern.objects.visible_to(cast.student).exists()
        with pytest.raises(Refused):
            read_concern(concern=made, by=cast.student)


OTHERS = ["student", "adviser", "front_desk", "manager", "administrator", "outsider"]


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_can_read_or_change_a_concern(cast: Cast, lead: User, who: str) -> None:
    made, by = concern(cast), getattr(cast, who)
    told = Disclosure(concern=made, to="school", to_whom="Dean", shared="x", why="x", student_told=True)
    acts: list[Callable[[], object]] = [
        lambda: read_concern(concern=made, by=by),
        lambda: take_step(concern=made, kind="note", words="x", next_on=in_days(1), by=by),
        lambda: close_concern(concern=made, words="x", by=by),
        lambda: reopen_concern(concern=made, words="x", by=by),
        lambda: disclose(disclosure=told, by=by),
    ]
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 403
    assert not ConcernStep.objects.exists()
    assert not Disclosure.objects.exists()


class TestFollowing:
    def test_steps_are_logged_and_say_when_to_look_again(self, cast: Cast, lead: User) -> None:
        made = concern(cast)
        assert made.next_on == in_days(0)
        take_step(concern=made, kind="contact", words="We talked.", next_on=in_days(7), by=lead)
        take_step(concern=made, kind="escalated", words="To the Dean.", next_on=in_days(1), by=lead)
        made.refresh_from_db()
        assert (made.state, made.next_on) == ("escalated", in_days(1))
        with pytest.raises(Refused) as refused:
            take_step(concern=made, kind="note", words="x", next_on=in_days(-1), by=lead)
        assert refused.value.code == "next_in_the_past"

    def test_nothing_is_added_to_a_closed_concern(self, cast: Cast, lead: User) -> None:
        made = concern(cast)
        close_concern(concern=made, words="All is well.", by=lead)
        with pytest.raises(Refused) as refused:
            take_step(concern=made, kind="note", words="x", next_on=in_days(1), by=lead)
        assert refused.value.code == "concern_closed"
        reopen_concern(concern=made, words="Not after all.", by=lead)
        made.refresh_from_db()
        assert (made.state, made.closed_at) == ("open", None)

    def test_reading_is_recorded_before_it_is_shown(self, cast: Cast, lead: User) -> None:
        made = concern(cast)
        answer = as_(lead).get(reverse("concern_detail", args=[made.public_id]))
        (reader,) = tree_of(answer).xpath("//ul[@data-readers]/li")
        assert lead.name in reader.text_content()
        assert AuditEntry.objects.filter(action="read", subject="wellbeing_concern", actor=lead).count() == 1

    def test_without_a_record_nothing_is_shown(self, cast: Cast, lead: User) -> None:
        made, client = concern(cast), as_(lead)
        client.get(reverse("concern_list"))
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'; END $$; "
                "CREATE TRIGGER refuse BEFORE INSERT ON accounts_auditentry FOR EACH ROW EXECUTE FUNCTION refuse()"
            )
        with pytest.raises(Refused) as refused:
            read_concern(concern=made, by=lead)
        assert refused.value.code == "reading_unrecorded"


class TestDisclosing:
    def told(self, made: Concern, **more: Any) -> Disclosure:
        said = {"to": "school", "to_whom": "The Dean", "address": "dean@example.ac.uk", "shared": "Please look in.",
                "why": "Danger to himself.", "student_told": True}  # fmt: skip
        return Disclosure(concern=made, **{**said, **more})

    def test_a_disclosure_sends_the_minimum_and_is_stored_only_in_the_concern(self, cast: Cast, lead: User) -> None:
        made = concern(cast)
        found = disclose(disclosure=self.told(made), by=lead)
        assert (found.decided_by, found.decided_at is not None) == (lead, True)
        message = OutboxMessage.objects.get(kind="wellbeing.disclosure")
        assert "Please look in." not in str(message.context)
        deliver_message(message.public_id)
        message.refresh_from_db()
        assert (message.state, message.to_address) == ("sent", "dean@example.ac.uk")
        assert kind_named(message.kind).forget_body  # unlike a mail server, the tests' tray keeps it
        assert FACTS not in message.body_text
        assert ConcernStep.objects.get().kind == "disclosed"

    def test_not_telling_the_student_needs_a_reason(self, cast: Cast, lead: User) -> None:
        made = concern(cast)
        with pytest.raises(Refused) as refused:
            disclose(disclosure=self.told(made, student_told=False), by=lead)
        assert refused.value.field == "not_told_because"
        assert disclose(disclosure=self.told(made, student_told=False, not_told_because="Unconscious."), by=lead)

    def test_told_by_telephone_sends_nothing(self, cast: Cast, lead: User) -> None:
        disclose(disclosure=self.told(concern(cast), address="", to="emergency"), by=lead)
        assert not OutboxMessage.objects.filter(kind="wellbeing.disclosure").exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_queries(cast: Cast, lead: User, rows: int, django_assert_num_queries: CountQueries) -> None:
    for _ in range(rows):
        made = concern(cast)
    client = as_(lead)
    with django_assert_num_queries(4):  # session, person, count, rows
        client.get(reverse("concern_list"))
    with django_assert_num_queries(13):
        client.get(reverse("concern_detail", args=[made.public_id]))
