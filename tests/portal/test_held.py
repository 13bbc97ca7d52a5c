"""“What we hold about you”, and who read it (DATA-3, DATA-4)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from syrupy.assertion import SnapshotAssertion

from accounts.models import Enrolment, PolicySetting, Role, Status, User
from accounts.operations.record_audit import Subject, record_audit
from appointments.models import BookingNote
from appointments.operations.read_notes import read_notes
from eligibility.models import Strike
from eligibility.rules.calendar import AcademicCalendar
from eligibility.rules.retention_dates import CourseEnd, kept_until
from portal.selectors.held import held_about
from retention.schedule.of_a_person import OF_A_PERSON
from retention.schedule.register import BY_KEY, SCHEDULE, SHOWN
from tests.cast import Cast
from tests.factories import EnrolmentFactory, StudentFactory, UserFactory, stored_booking

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-3")]

COMPLETED, CURRENT = Status.COMPLETED, Status.CURRENT


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def held(user: User) -> str:
    answer = as_(user).get(reverse("held_list"))
    assert answer.status_code == 200
    return answer.content.decode()


def readings(user: User) -> str:
    answer = as_(user).get(reverse("reading_list"))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.policy("DATA-4")
@pytest.mark.parametrize(
    ("courses", "until"),
    [
        ([(COMPLETED, date(2023, 6, 10))], date(2026, 7, 31)),
        ([(COMPLETED, date(2023, 9, 12))], date(2027, 7, 31)),
        ([(COMPLETED, date(2023, 7, 31))], date(2026, 7, 31)),
        ([(COMPLETED, date(2023, 8, 1))], date(2027, 7, 31)),
        ([(COMPLETED, date(2020, 6, 1)), (COMPLETED, date(2023, 9, 12))], date(2027, 7, 31)),
        ([(COMPLETED, date(2020, 6, 1)), (CURRENT, None)], None),
        ([(COMPLETED, date(2020, 6, 1)), (Status.INTERRUPTED, None)], None),
        ([(COMPLETED, date(2020, 6, 1)), (Status.WITHDRAWN, None)], date(2023, 7, 31)),
        ([(CURRENT, None)], None),
        ([], None),
    ],
)
def test_kept_until(courses: list[tuple[str, date | None]], until: date | None) -> None:
    assert kept_until([CourseEnd(*course) for course in courses], 3, AcademicCalendar()) == until


@pytest.mark.policy("DATA-4")
def test_held_list_says_until_when() -> None:
    graduate = StudentFactory(roles=[Role.GRADUATE], course=False)
    EnrolmentFactory(student=graduate, status=COMPLETED, completed_on=date(2026, 6, 10))
    assert "Kept until Tuesday 31 July 2029" in held(graduate)
    PolicySetting.objects.create(key="retention_years", value=6, effective_from=timezone.localdate())
    assert "Kept until Saturday 31 July 2032" in held(graduate)
    assert "Kept until" not in held(StudentFactory())


def test_held_list_counts_and_says_who_and_how(cast: Cast, snapshot: SnapshotAssertion) -> None:
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, cast.starts(9))
    BookingNote.objects.create(booking=booking, text="words", by=cast.adviser)
    Strike.objects.create(student=cast.student, source_id=booking.public_id, on=cast.day)
    read_notes(booking=booking, by=cast.adviser)
    rows = {row.title: row for row in held_about(cast.student).rows}
    assert rows["Appointments"].how_many == "1 appointment"
    assert rows["Notes of appointments"].how_many == "1 note"
    assert [row.how_many for row in rows.values()] == snapshot
    assert rows["Notes of appointments"].then == "Permanently deleted"
    assert [(row.who, row.until) for row in rows.values()] == snapshot
    assert all(row.who and row.what and row.correct and row.until for row in rows.values())
    content = held(cast.student)
    for words in (*rows, "careers@example.ac.uk"):
        assert words in content


def test_every_link_on_the_page_works(cast: Cast) -> None:
    client = as_(cast.student)
    for row in held_about(cast.student).rows:
        assert not row.url or client.get(row.url).status_code == 200


def test_every_table_about_a_person_is_in_a_class() -> None:
    """A model that refers to people is counted in a class, or the reason is given here why it needs none."""
    counted = {
        *("Enrolment", "Booking", "BookingNote", "AllocationUse", "Grant", "Strike", "Hold", "ActivityResult"),
        *("OutboxMessage", "SignIn", "ApiToken", "AuditEntry", "Document", "SocialAccount", "Authenticator"),
        *("Registration", "WaitingEntry"),
        *("GroupMember", "Query", "StrikeReview", "ContactPermission", "RightsRequest", "AccessNeeds"),
    }
    of_others = {
        "Draft": "what they typed and have not sent, on the page of its form for a day",
        "EmailAddress": "allauth's copy of the address that is shown as a contact",
        "EmailConfirmation": "of the address before",
        "IdempotencyKey": "a form's or program's own mark on what it made",
        "LogEntry": "what administrators did in Django's admin: theirs, not the student's",
        "MissPolicy": "who set the miss rules",
        "PolicySetting": "who set a number of the policy",
        "AudienceRule": "which administrator set a rule",
        "DiaryTemplate": "an adviser's diary",
        "DiaryBlock": "an adviser's diary",
        "TimeOut": "an adviser's diary",
        "Event": "which colleague made it, and who closed its attendance",
        "EventNote": "which colleague wrote to everybody registered",
        "EventSeries": "which colleague made it",
        "EventOrganiser": "which colleague looks after an event",
        "CheckIn": "part of a registration, and which colleague was at the door",
        "CheckInDevice": "which colleague opened a tablet at the door",
        "OnlineRoom": "an adviser's link to join",
        **dict.fromkeys(
            ("Concern", "ConcernStep", "Disclosure"),
            "that there is one is for wellbeing leads alone (DATA-6): the page says so in general",
        ),
        "QueryMessage": "part of a query, and who of us answered",
        "DocumentShare": "which adviser may read a document: part of it",
        "FeedRun": "who started and approved a run of the student feed",
        **dict.fromkeys(
            ("RightsStep", "RightsPart", "Redaction", "RetentionWarning"),
            "parts of a request, and a warning of the end",
        ),
        **dict.fromkeys(("PurgeRun", "TextMention"), "which colleague approved a night, or looked at a place"),
        "Proposal": "a role of a colleague, or a legal hold: see LegalHold",
        "LegalHold": "its officer tells the person, where a claim allows it",
        "FeedChange": "names of fields that the feed changed, and for some days what they were before",
        **dict.fromkeys(
            ("Lead", "SecurityCase", "CaseEntry", "CaseReport", "DataBreach", "Outcome"),
            "an investigation: its officer tells the person, never a page (SEC-3); the page says that there may be one",
        ),
    }
    pointing = {
        model.__name__
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is User
    }
    assert pointing - set(of_others) == counted
    assert len(SHOWN) == 17


def test_every_class_of_a_person_is_shown_or_says_why_not() -> None:
    for each in OF_A_PERSON:
        assert bool(each.shown) != bool(each.not_shown), each.key


def test_entries_of_the_page_are_of_tables_of_their_class() -> None:
    assert len({shown.place for _, shown in SHOWN}) == len(SHOWN)
    assert len({shown.title or each.name for each, shown in SHOWN}) == len(SHOWN)
    for each, shown in SHOWN:
        assert shown.sooner in {"", *BY_KEY}
        if not callable(shown.counts):
            assert set(shown.counts) <= {table.model for table in each.tables if table.person}, each.key


def test_each_class_has_its_own_name() -> None:
    """Each class has its name in the register, and nowhere else."""
    assert len({each.name for each in SCHEDULE}) == len(SCHEDULE)


def test_held_list_is_the_persons_own(cast: Cast) -> None:
    assert Client().get(reverse("held_list")).status_code == 302
    for person in (cast.adviser, cast.administrator, cast.outsider):
        for name in ("held_list", "reading_list"):
            assert as_(person).get(reverse(name)).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_held_list_queries(cast: Cast, number: int, django_assert_num_queries: Callable[[int], Any]) -> None:
    for hour in range(number):
        stored_booking(cast.student, cast.adviser, cast.type, cast.room, cast.starts(9 + 2 * hour))
        programme = Enrolment.objects.first().programme
        EnrolmentFactory(student=cast.student, programme=programme, started_on=cast.day + timedelta(days=hour))
    client = as_(cast.student)
    with django_assert_num_queries(20):  # session, person, policy, courses, access needs, fifteen counts
        client.get(reverse("held_list"))


def test_the_profile_and_the_footer_link_to_the_page(cast: Cast) -> None:
    for page in ("profile_edit", "booking_list"):
        assert reverse("held_list") in as_(cast.student).get(reverse(page)).content.decode()
    assert reverse("reading_list") in as_(cast.student).get(reverse("profile_edit")).content.decode()
    assert reverse("held_list") not in as_(cast.adviser).get(reverse("profile_edit")).content.decode()


# Who read it.


def test_reading_list_says_who_in_which_role_and_at_what(cast: Cast) -> None:
    assert "empty-state" in readings(cast.student)
    booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, cast.starts(9))
    BookingNote.objects.create(booking=booking, text="words of a note", by=cast.adviser)
    for _ in range(3):
        read_notes(booking=booking, by=cast.manager)
    read_notes(booking=booking, by=cast.adviser)
    content = readings(cast.student)
    for words in (
        "Helen Marsh",
        "adviser",
        cast.manager.name,
        "careers manager",
        "3 times",
        f"Notes of {cast.type.name}",
    ):
        assert words in content
    assert reverse("booking_detail", args=[booking.public_id]) in content
    assert "words of a note" not in content


def test_reading_list_is_of_readings_of_ones_own_only(cast: Cast) -> None:
    record_audit(actor=cast.adviser, action="read", on=Subject("booking_notes", "x"), student=cast.other_student)
    for subject in ("security_case", "concern", "disclosure", "trail", "booking"):
        record_audit(actor=cast.manager, action="read", on=Subject(subject, "x"), student=cast.student)
    record_audit(actor=cast.manager, action="moved", on=Subject("booking_notes", "x"), student=cast.student)
    assert "empty-state" in readings(cast.student)


def test_reading_list_shows_documents_and_deleted_readers(cast: Cast) -> None:
    gone = UserFactory()
    record_audit(actor=gone, action="read", on=Subject("document", "x"), student=cast.student)
    gone.delete()
    content = readings(cast.student)
    assert "Deleted person" in content
    assert "A document" in content


@pytest.mark.parametrize("number", [1, 3])
def test_reading_list_queries(cast: Cast, number: int, django_assert_num_queries: Callable[[int], Any]) -> None:
    for hour in range(number):
        booking = stored_booking(cast.student, cast.adviser, cast.type, cast.room, cast.starts(9 + 2 * hour))
        BookingNote.objects.create(booking=booking, text="words", by=cast.adviser)
        read_notes(booking=booking, by=UserFactory(roles=[Role.ADVISER]))
    client = as_(cast.student)
    with django_assert_num_queries(5):  # session, person, how many, entries, appointments
        client.get(reverse("reading_list"))
