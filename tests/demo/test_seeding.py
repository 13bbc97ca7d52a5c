"""The data that `make run` creates: a twentieth of Northbridge University, created once for this file."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, time, timedelta
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import AccountStatus, Enrolment, Level, Role, Status, User
from appointments.models import AppointmentType, Booking, BookingStatus, DiaryBlock
from appointments.rules.booking import may_book_on
from appointments.selectors.rearrange import bookings_to_rearrange
from demo.seeding import named_people as named
from demo.seeding.documents import seed_documents
from demo.seeding.filling import bring_up_to_today, fill
from demo.seeding.institution import Institution
from demo.seeding.person import Registrar
from demo.seeding.security import seed_security
from documents.models import Document, DocumentShare, DocumentVersion
from eligibility.models import AllocationUse, Hold, Strike
from eligibility.selectors.student_facts import Context, student_context
from foundation.values.sources import SourceKind
from foundation.values.times import at, database_now, years_after
from messaging.models import DeliveryState, OutboxMessage
from places.models import Confidentiality, Location
from security.models import CaseReport, DataBreach, Lead, SecurityCase
from tests.clock import stop_database_clock
from tests.factories import UserFactory


@pytest.fixture(scope="module")
def _founded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One transaction around all tests of this file, marked like that of a Django TestCase."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole._from_testcase = True
        with whole:
            fill(Institution(database_now(), small=True))
            yield
            transaction.set_rollback(True)


@pytest.fixture
def institution(_founded: None) -> Iterator[Institution]:
    one = transaction.atomic()
    one._from_testcase = True
    with one:
        yield Institution(database_now(), small=True)
        transaction.set_rollback(True)


def person(one: named.NamedPerson) -> User:
    return User.objects.get(email=one.email)


def context_of(one: named.NamedPerson) -> Context:
    return student_context(person(one).pk)


def may(one: named.NamedPerson, slug: str, days_ahead: int = 0) -> Any:
    context = context_of(one)
    type = AppointmentType.objects.with_rules().get(slug=slug)
    return may_book_on(type, context, context.facts.today + timedelta(days=days_ahead))


TABLE = [  # slug, minutes, after, policies, horizon, notice in hours, modes
    ("careers-guidance", 30, 10, ["1 in any 14 days", "3 a semester"], 14, 2, {"in_person", "online"}),
    ("applications-advice", 20, 5, ["1 a week"], None, 0, {"in_person", "online"}),
    ("practice-interview", 45, 15, ["2 a semester"], 10, 24, {"in_person", "online"}),
    ("research-consultation", 45, 15, ["2 a semester"], 21, 0, {"in_person", "online"}),
    ("working-in-the-uk", 30, 0, ["1 a semester"], 14, 0, {"in_person", "online"}),
    ("placement-check-in", 30, 0, ["1 a month"], 14, 0, {"in_person", "online", "telephone"}),
    ("graduate-guidance", 30, 0, ["1 a month"], 14, 0, {"online", "telephone"}),
    ("disability-and-neurodiversity", 30, 0, ["2 a semester"], 14, 0, {"in_person", "online"}),
    ("quick-query", 10, 0, [], 0, 0, {"in_person"}),
    ("mock-assessment-centre", 90, 0, ["1 a semester"], 28, 0, {"in_person"}),
]


@pytest.mark.policy("ELIG-1")
@pytest.mark.parametrize(("slug", "minutes", "after", "policies", "horizon", "notice", "modes"), TABLE)
def test_the_ten_types(
    institution: Institution,
    slug: str,
    minutes: int,
    after: int,
    policies: list[str],
    horizon: int | None,
    notice: int,
    modes: set[str],
) -> None:
    type = AppointmentType.objects.get(slug=slug)
    assert (type.minutes, type.turnaround_minutes, type.notice_minutes) == (minutes, after, notice * 60)
    assert sorted(policy.sentence for policy in type.policies.all()) == policies
    assert set(type.modes) == modes
    if horizon is not None:
        assert type.horizon_days == horizon
    else:
        assert (str(type.release_time), type.release_working_days, type.term_only) == ("17:30:00", 3, True)
    assert AppointmentType.objects.count() == len(TABLE)


@pytest.mark.policy("APPT-1", "APPT-2", "APPT-3")
def test_what_is_said_of_each_place_is_the_policy(institution: Institution) -> None:
    levels = Confidentiality
    private = Location.objects.filter(name__regex="Atrium (room|pod)")
    assert {(place.confidentiality, "confidential" in place.confidentiality_note) for place in private} == {
        (levels.CONFIDENTIAL, True)
    }
    assert private.count() == 10
    desks = Location.objects.filter(name__startswith="Applications area")
    assert {place.confidentiality for place in desks} == {levels.NOT_CONFIDENTIAL}
    outreach = Location.objects.filter(confidentiality=levels.MAY_NOT_BE)
    assert outreach.values("building").distinct().count() == 3
    assert "not recorded" in Location.objects.get(mode="online").confidentiality_note
    assert "without your permission" in Location.objects.get(mode="online").confidentiality_note
    assert "not recorded" in Location.objects.get(mode="telephone").confidentiality_note


def test_the_staff_and_the_students(institution: Institution) -> None:
    careers = {Role.ADVISER, Role.FRONT_DESK, Role.CAREERS_MANAGER, Role.EDITOR, Role.ADMINISTRATOR}
    assert User.objects.filter(roles__overlap=list(careers)).count() == 19
    assert User.objects.students().count() == 60 + 25 + 12 + 3
    assert not User.objects.exclude(email__endswith="@example.ac.uk").exists()
    phones = [str(phone) for phone in User.objects.exclude(phone="").values_list("phone", flat=True)]
    assert phones
    assert all(phone.startswith("+447700900") and len(phone) == 13 for phone in phones)


def test_history_has_realistic_shares(institution: Institution) -> None:
    past = Booking.objects.filter(local_date__lt=institution.today).exclude(student__email__in=NAMED)
    shares = Counter(past.values_list("status", flat=True))
    total = sum(shares.values())
    assert 300 <= total <= 360
    assert abs(shares[BookingStatus.ATTENDED] / total - 0.82) < 0.06
    assert abs(shares[BookingStatus.MISSED] / total - 0.06) < 0.02
    assert not past.filter(status__in=[BookingStatus.BOOKED, BookingStatus.ARRIVED, BookingStatus.HELD]).exists()
    autumn = sum(past.filter(local_date__month=month).count() for month in (10, 11))
    spring = sum(past.filter(local_date__month=month).count() for month in (5, 6, 7))
    assert autumn > spring


@pytest.mark.policy("ELIG-2")
def test_what_was_attended_or_missed_counts_and_what_was_cancelled_does_not(institution: Institution) -> None:
    counted = set(AllocationUse.objects.values_list("source_id", flat=True))
    for booking in Booking.objects.select_related("type").prefetch_related("type__policies"):
        limited = bool(booking.type.policies.all())
        assert (booking.public_id in counted) is (limited and not booking.is_cancelled)
    missed = Booking.objects.filter(status=BookingStatus.MISSED).values_list("public_id", flat=True)
    of_appointments = Strike.objects.filter(source_kind=SourceKind.BOOKING)
    assert set(missed) == set(of_appointments.values_list("source_id", flat=True))


@pytest.mark.policy("ELIG-1")
def test_nobody_exceeded_a_limit_in_the_past(institution: Institution) -> None:
    days: dict[int, list[date]] = {}
    for student, on in AllocationUse.objects.filter(policy__slug="guidance-fortnight").values_list("student", "on"):
        days.setdefault(student, []).append(on)
    for used in days.values():
        ordered = sorted(used)
        assert all((two - one).days >= 14 for one, two in pairwise(ordered))
    semesters = Counter(
        AllocationUse.objects.filter(policy__slug="guidance-semester").values_list("student", "period_key")
    )
    assert max(semesters.values()) <= 3


def test_the_named_adviser_has_a_day_today(institution: Institution) -> None:
    day = Booking.objects.filter(adviser=person(named.ADVISER), local_date=institution.today)
    assert day.count() >= 5
    over = day.filter(during__endswith__lt=institution.now)
    assert over.filter(status=BookingStatus.BOOKED).count() <= 1
    ahead = day.filter(during__startswith__gt=institution.now + timedelta(minutes=6))
    others = ahead.exclude(status=BookingStatus.BOOKED)
    assert set(others.values_list("student", "status")) <= {(suspended().pk, BookingStatus.HELD)}


def test_the_next_fortnight_is_partly_taken(institution: Institution) -> None:
    """The full institution fills a third of its times; a twentieth of the people cannot fill as many."""
    ahead = Booking.objects.filter(local_date__gt=institution.today)
    assert ahead.count() >= 10
    others = ahead.exclude(status=BookingStatus.BOOKED)
    assert set(others.values_list("student", "status")) <= {(suspended().pk, BookingStatus.HELD)}
    assert not ahead.filter(booked_at__gt=database_now()).exists()


@pytest.mark.policy("APPT-5")
def test_the_tray_has_messages_with_real_words(institution: Institution) -> None:
    sent = OutboxMessage.objects.filter(state=DeliveryState.SENT)
    confirmation = sent.filter(recipient=person(named.USED_UP), kind="appointments.booked").first()
    if confirmation is not None:  # if nothing was free in the days ahead, nothing was booked
        assert confirmation.subject.startswith("Booked: ")
        assert "Ben" in confirmation.body_text
    assert sent.exists()
    assert not OutboxMessage.objects.filter(state=DeliveryState.FAILED).exists()


class TestNamedPeople:
    def test_nothing_used(self, institution: Institution) -> None:
        assert not AllocationUse.objects.filter(student=person(named.FRESH)).exists()
        assert may(named.FRESH, "careers-guidance", 1)
        assert not may(named.FRESH, "applications-advice", 1)
        course = Enrolment.objects.get(student=person(named.FRESH))
        assert (course.level, course.year_of_study, course.status) == (Level.UNDERGRADUATE, 2, Status.CURRENT)

    @pytest.mark.policy("ELIG-1")
    def test_allocation_used_up(self, institution: Institution) -> None:
        refusals = [may(named.USED_UP, "careers-guidance", days) for days in range(8)]
        assert {refusal.code for refusal in refusals} == {"allocation_used"}

    @pytest.mark.policy("ELIG-3")
    def test_two_misses(self, institution: Institution) -> None:
        assert Strike.objects.filter(student=person(named.TWO_MISSES)).count() == 2
        assert not Hold.objects.filter(student=person(named.TWO_MISSES)).exists()

    @pytest.mark.policy("ELIG-3")
    def test_on_hold(self, institution: Institution) -> None:
        decision = may(named.ON_HOLD, "careers-guidance", 1)
        assert decision.code == "on_hold"
        assert "appeal" in decision.remedy
        assert Strike.objects.filter(student=person(named.ON_HOLD)).count() == 3

    def test_completing_in_september(self, institution: Institution) -> None:
        course = Enrolment.objects.get(student=person(named.FINISHING))
        assert course.level == Level.POSTGRADUATE_TAUGHT
        assert course.expected_end_on is not None
        assert course.expected_end_on.month == 9
        assert may(named.FINISHING, "working-in-the-uk", 1)

    def test_research_postgraduate(self, institution: Institution) -> None:
        assert context_of(named.RESEARCHER).facts.courses[0].level == Level.POSTGRADUATE_RESEARCH
        assert not may(named.FRESH, "research-consultation", 1)

    @pytest.mark.policy("ELIG-1")
    def test_graduates(self, institution: Institution) -> None:
        recent = Enrolment.objects.get(student=person(named.LAST_YEAR)).completed_on
        assert recent is not None
        assert institution.today <= years_after(recent, 2)
        assert may(named.LAST_YEAR, "careers-guidance", 1)
        refusal = may(named.LONG_AGO, "graduate-guidance", 1)
        assert refusal.code == "not_eligible"
        assert "within 2 years" in refusal.message
        assert "of course end" in refusal.message

    def test_each_has_one_role_and_it_is_theirs(self, institution: Institution) -> None:
        assert len(named.NAMED_PEOPLE) == 16
        for one in named.NAMED_PEOPLE:
            assert tuple(person(one).roles) == one.roles
            assert person(one).check_password("northbridge-demo")

    def test_the_front_desk_reads_no_notes(self, institution: Institution) -> None:
        assert not person(named.FRONT_DESK).may_read_notes
        assert person(named.MANAGER).may_read_notes


def suspended() -> User:
    return User.objects.get(account_status=AccountStatus.SUSPENDED)


@pytest.mark.policy("SEC-3", "SEC-4")
def test_three_security_cases_and_two_leads(institution: Institution) -> None:
    cases = {case.treated_as + case.state: case for case in SecurityCase.objects.all()}
    assert set(cases) == {"studentinvestigating", "graduateinvestigating", "studentclosed"}
    assert Lead.objects.to_judge().count() == 2
    told = CaseReport.objects.filter(case=cases["studentinvestigating"])
    assert {report.to for report in told if report.is_sent} == {"it_services", "governance", "school"}
    delivered = OutboxMessage.objects.filter(public_id__in=[report.message for report in told])
    assert {message.state for message in delivered} == {DeliveryState.SENT}
    waiting = cases["graduateinvestigating"]
    assert (waiting.person, waiting.termination_confirmed_by) == (suspended(), None)
    assert waiting.termination_proposed_by != person(named.GOVERNANCE)  # so that she may confirm it
    assert suspended().bookings.filter(status=BookingStatus.BOOKED, during__startswith__gt=database_now()).count() == 0


@pytest.mark.policy("SEC-3")
def test_the_running_clock_runs_on_a_later_day_too(institution: Institution) -> None:
    later = Institution(institution.now + timedelta(days=5), small=True)
    seed_security(later)
    assert SecurityCase.objects.count() == 3
    breach = DataBreach.objects.get(decision="")
    assert breach.known_at == later.now - timedelta(hours=20)


NAMED = [one.email for one in named.NAMED_PEOPLE]


def test_filling_on_the_next_day_updates_and_keeps_existing_data(institution: Institution) -> None:
    before = set(Booking.objects.values_list("public_id", flat=True))
    tomorrow = institution.today + timedelta(days=1)
    bring_up_to_today(Institution(at(tomorrow, database_now().time()), small=True))
    assert before <= set(Booking.objects.values_list("public_id", flat=True))
    assert Booking.objects.filter(adviser=person(named.ADVISER), local_date=tomorrow).exists()
    assert DiaryBlock.objects.filter(local_date__gt=institution.today + timedelta(days=90)).exists()


def test_filling_again_adds_no_people(institution: Institution) -> None:
    people, said = User.objects.count(), StringIO()
    call_command("seed_demo", "--if-empty", "--small", stdout=said)
    assert said.getvalue() == ""
    call_command("seed_demo", "--small", stdout=said)
    assert User.objects.count() == people
    assert "up to today" in said.getvalue()


@pytest.mark.parametrize("day", [date(2026, 12, 27), date(2027, 2, 1), date(2027, 9, 11), date(2028, 2, 29)])
def test_it_can_be_filled_on_any_day(db: None, day: date) -> None:
    """A Sunday in the winter closure, the first day of a semester, a Saturday in summer, a leap day."""
    now = at(day, database_now().time().replace(hour=15))
    stop_database_clock(now)
    fill(Institution(now, small=True))
    adviser = Booking.objects.filter(adviser__email=named.ADVISER.email, local_date=day)
    assert adviser.filter(status=BookingStatus.ATTENDED).exists()
    assert DiaryBlock.objects.filter(adviser__email=named.ADVISER.email, local_date=day).exists()
    assert {may(named.USED_UP, "careers-guidance", days).code for days in (0, 1)} == {"allocation_used"}
    assert may(named.ON_HOLD, "careers-guidance", 1).code == "on_hold"
    assert Strike.objects.filter(student=person(named.TWO_MISSES)).count() == 2
    assert may(named.LONG_AGO, "careers-guidance").code == "not_eligible"
    assert may(named.LAST_YEAR, "careers-guidance")


def test_the_same_seed_makes_the_same_people() -> None:
    def names(seed: int) -> list[tuple[str, str, str]]:
        registrar = Registrar(Institution(at(date(2026, 11, 24), time(12)), seed))
        return [(p.public_id, p.name, p.email) for p in (registrar.person([]) for _ in range(20))]

    assert names(1) == names(1)
    assert names(1) != names(2)


def test_a_database_with_people_of_its_own_is_left_alone(db: None) -> None:
    UserFactory()
    call_command("seed_demo", "--if-empty", stdout=StringIO())
    with pytest.raises(CommandError, match="people of its own"):
        call_command("seed_demo", stdout=StringIO())
    assert User.objects.count() == 1


def test_only_the_demonstration_is_filled(db: None, settings: Any) -> None:
    settings.DEMONSTRATION = False
    for command in ("seed_demo", "demo_people"):
        with pytest.raises(CommandError):
            call_command(command, stdout=StringIO())


def test_the_launcher_is_told_whom_to_sign_in_as() -> None:
    brief, whole = StringIO(), StringIO()
    call_command("demo_people", "--brief", stdout=brief)
    call_command("demo_people", stdout=whole)
    assert "northbridge-demo" in brief.getvalue()
    assert "helen.marsh@example.ac.uk" in brief.getvalue()
    assert all(email in whole.getvalue() for email in NAMED)
    assert len(brief.getvalue().splitlines()) == 7


@pytest.mark.policy("DATA-3")
def test_some_students_have_documents_and_a_few_go_with_a_coming_appointment(institution: Institution) -> None:
    assert set(DocumentVersion.objects.values_list("state", flat=True)) == {"clean"}
    assert {"pdf", "docx"} <= set(DocumentVersion.objects.values_list("format", flat=True))
    fresh = Document.objects.filter(owner=person(named.FRESH))
    assert fresh.count() == 2
    assert set(Document.objects.shared_by_name_with(person(named.ADVISER))) < set(fresh)
    attached = DocumentShare.objects.exclude(source_id="").values_list("source_id", flat=True)
    assert Booking.objects.filter(public_id__in=attached, status=BookingStatus.BOOKED).count() == len(set(attached)) > 0
    before = Document.objects.count()
    seed_documents(institution)
    assert Document.objects.count() == before, "what is there is left alone"


def test_only_appointments_of_somebody_ill_must_move(institution: Institution) -> None:
    """Every other appointment ahead lies in published time of its adviser, with its type and place."""
    listed = list(bookings_to_rearrange(institution.now))
    assert {each.hindrance for each in listed} <= {"away"}
    assert all(each.move_asked_at for each in listed)
