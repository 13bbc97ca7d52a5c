"""Before University sign-on ends, people add an email address and a way to sign in, and use them later."""

import re
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Enrolment, PolicySetting, Role, Status, User
from accounts.operations.keep_access import SALT, remind_to_keep_access
from accounts.tasks import remind_to_keep_access as task
from careerconnect.celery import app
from messaging.models import OutboxMessage
from messaging.rules.heartbeats import address_of
from tests.accounts.sign_in.conftest import signed_in_as, subject_of
from tests.factories import PASSWORD, EnrolmentFactory, StudentFactory, UserFactory
from tests.page_parts import alerts, codes, count, fields_at_fault
from tests.wording.visible_text import words_of

pytestmark = pytest.mark.django_db
OWN = "amara@home.example"
HOSTILE = {"host": "evil.example", "x-forwarded-host": "evil.example"}


@pytest.fixture(autouse=True)
def begin(db: None, outbox: None) -> None:
    cache.clear()


def student_ending(days: int, **fields: Any) -> User:
    """A student from the feed without a password, whose University sign-on ends in `days` days (30 days after the
    course)."""
    ends = timezone.localdate() + timedelta(days=days - 30)
    course = {"expected_end_on": ends, "started_on": date(2020, 9, 1)}
    person: User = StudentFactory(course=course, **fields)
    person.set_unusable_password()
    person.save()
    return person


def as_(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def link_in(message: OutboxMessage) -> str:
    (link,) = re.findall(r"https://\S+/keep-access/\S+", message.body_text)
    return str(link)


def path_in(message: OutboxMessage) -> str:
    return link_in(message).removeprefix("https://careers.example.ac.uk")


def own_address(person: User, email: str = OWN) -> None:
    as_(person).post(reverse("keep_access"), {"email": email})
    Client().post(path_in(OutboxMessage.objects.filter(to_address=email).latest("pk")))
    person.refresh_from_db()


@pytest.mark.policy("SEC-1")
def test_the_whole_journey(db: None) -> None:
    """The home page asks; the student confirms an address and chooses a password; as a graduate they sign in with
    both."""
    student = student_ending(40, given_name="Amara", email="amara@example.ac.uk")
    browser = as_(student)
    assert "Keep your access" in browser.get("/").content.decode()
    page = browser.get(reverse("keep_access")).content.decode()
    assert "Choose a password" in page
    assert "Add a passkey" in page
    browser.post(reverse("keep_access"), {"email": "Amara@Home.example"}, headers=HOSTILE)
    message = OutboxMessage.objects.get()
    assert (message.to_address, message.subject) == (OWN, subject_of("personal_email"))
    assert link_in(message).startswith("https://careers.example.ac.uk/keep-access/")
    assert "evil.example" not in message.body_text
    assert not EmailAddress.objects.exists()
    elsewhere = Client()
    assert OWN in elsewhere.get(path_in(message)).content.decode()
    assert not EmailAddress.objects.exists()
    assert elsewhere.post(path_in(message))["Location"] == reverse("account_reset_password")
    assert EmailAddress.objects.get().verified
    new = "a horse of my own"
    answer = browser.post(
        reverse("account_set_password"), {"password1": new, "password2": new, "next": reverse("keep_access")}
    )
    assert answer["Location"] == reverse("keep_access")
    assert count(browser.get(reverse("keep_access")), "//main//*[contains(@class, 'confirmation')]") == 1
    assert "Keep your access" not in browser.get("/").content.decode()
    student.refresh_from_db()
    student.roles = [Role.GRADUATE]
    student.save()
    Enrolment.objects.update(status=Status.COMPLETED, completed_on=timezone.localdate() - timedelta(days=60))
    graduate = Client()
    assert graduate.post("/accounts/login/", {"login": OWN, "password": new})["Location"] == "/"
    assert signed_in_as(graduate) == str(student.pk)
    assert graduate.get("/").status_code == 200
    actions = list(AuditEntry.objects.values_list("action", flat=True))
    assert {"personal_email_asked", "personal_email_confirmed"} <= set(actions)
    assert OWN not in str(list(AuditEntry.objects.values()))


@pytest.mark.policy("SEC-1")
def test_a_graduate_resets_the_password_by_the_own_address(db: None) -> None:
    graduate = student_ending(-100, roles=[Role.GRADUATE])
    own_address(graduate)
    Client().post("/accounts/password/reset/", {"email": OWN})
    assert OutboxMessage.objects.latest("pk").to_address == OWN


@pytest.mark.policy("SEC-1")
def test_an_administrator_lets_in_a_graduate_who_missed_the_reminders(db: None) -> None:
    """An administrator who has checked their identity sends the link; they confirm, choose a password and sign in."""
    graduate = student_ending(-100, roles=[Role.GRADUATE], university_id="S7777777")
    call_command("send_access_link", "S7777777", OWN, stdout=StringIO())
    answer = Client().post(path_in(OutboxMessage.objects.get()))
    assert answer["Location"] == reverse("account_reset_password")
    Client().post(answer["Location"], {"email": OWN})
    letter = OutboxMessage.objects.latest("pk")
    assert (letter.to_address, letter.recipient) == (OWN, graduate)
    (link,) = re.findall(r"careers.example.ac.uk(/accounts/password/reset/key/\S+)", letter.body_text)
    browser = Client()
    browser.post(browser.get(link)["Location"], {"password1": "a horse of my own", "password2": "a horse of my own"})
    browser.post("/accounts/login/", {"login": OWN, "password": "a horse of my own"})
    assert signed_in_as(browser) == str(graduate.pk)


def test_administrators_send_no_link_to_strangers(db: None) -> None:
    student = student_ending(40, university_id="S7777777", email="amara@example.ac.uk")
    for university_id, address in (("S0000000", OWN), ("S7777777", "other@example.ac.uk")):
        with pytest.raises(CommandError):
            call_command("send_access_link", university_id, address)
    student.roles = [Role.EDITOR]
    student.save()
    with pytest.raises(CommandError):
        call_command("send_access_link", "S7777777", OWN)


@pytest.mark.policy("DATA-1")
def test_graduates_are_written_to_where_they_read(db: None) -> None:
    student = student_ending(40)
    own_address(student)
    message = OutboxMessage(recipient=student, channel="email")
    assert address_of(message) == student.email
    student.roles = [Role.GRADUATE]
    assert address_of(message) == OWN
    student.roles = [Role.GRADUATE, Role.STUDENT]
    assert address_of(message) == student.email


@pytest.mark.policy("SEC-1")
def test_an_address_of_the_university_will_not_do(db: None) -> None:
    student = student_ending(40, email="amara@example.ac.uk")
    answer = as_(student).post(reverse("keep_access"), {"email": "other@EXAMPLE.ac.uk"})
    assert answer.status_code == 422
    assert fields_at_fault(answer) == ["id_email"]
    assert codes(answer) == {"email": ["email_of_university"]}
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("email", ["", "no address", "x" * 250 + "@home.example"])
def test_an_invalid_address(db: None, email: str) -> None:
    assert as_(student_ending(40)).post(reverse("keep_access"), {"email": email}).status_code == 422


@pytest.mark.policy("SEC-1")
def test_an_address_of_somebody_else(db: None) -> None:
    """The page looks the same; the owner of the address gets an email without a link."""
    student = student_ending(40)
    UserFactory(email="boss@other.example", roles=[Role.ADMINISTRATOR])
    browsers = as_(student), as_(student)
    emails = ("boss@other.example", "nobody@other.example")
    answers = [
        browser.post(reverse("keep_access"), {"email": email}, follow=True)
        for browser, email in zip(browsers, emails, strict=True)
    ]
    assert [alerts(each) for each in answers] == [["info"], ["info"]], "a link is on its way"
    assert [each.context["asked"] for each in answers] == list(emails)
    first, second = (each.content.decode().replace(email, "") for each, email in zip(answers, emails, strict=True))
    assert words_of(first) == words_of(second)
    taken, free = OutboxMessage.objects.order_by("pk")
    assert "keep-access/" not in taken.body_text
    assert student.first_name not in taken.body_text
    assert "keep-access/" in free.body_text


@pytest.mark.policy("SEC-1")
def test_an_address_that_was_taken_meanwhile(db: None) -> None:
    student = student_ending(40)
    as_(student).post(reverse("keep_access"), {"email": OWN})
    UserFactory(email=OWN)
    answer = Client().post(path_in(OutboxMessage.objects.get()))
    assert answer.status_code == 409
    assert "Another account" in answer.content.decode()
    student.refresh_from_db()
    assert student.personal_email == ""


def test_a_link_twice(db: None) -> None:
    student = student_ending(40)
    own_address(student)
    link = path_in(OutboxMessage.objects.latest("pk"))
    assert Client().post(link).status_code == 302
    assert AuditEntry.objects.filter(action="personal_email_confirmed").count() == 1


def test_a_second_address_replaces_the_first(db: None) -> None:
    student = student_ending(40)
    own_address(student)
    own_address(student, "new@home.example")
    assert student.personal_email == "new@home.example"
    assert EmailAddress.objects.get().email == "new@home.example"


@pytest.mark.policy("SEC-1")
@pytest.mark.parametrize("forged", ["forged", "signed for something else", "old", "closed"])
def test_a_link_that_is_not_ours(db: None, forged: str, monkeypatch: pytest.MonkeyPatch) -> None:
    student = student_ending(40)
    salt = "something else" if forged == "signed for something else" else SALT
    token = signing.dumps([student.public_id, OWN], salt=salt)
    if forged == "forged":
        token = token[:-3] + "abc"
    if forged == "closed":
        User.objects.update(is_active=False)
    if forged == "old":
        real = signing.time.time
        monkeypatch.setattr(signing.time, "time", lambda: real() + 86500)
    path = reverse("personal_email_confirm", args=[token])
    assert Client().post(path).status_code == 404
    assert "no longer works" in Client().post(path).content.decode()
    assert not EmailAddress.objects.exists()


def test_keep_access_is_for_students_and_graduates(cast: Any) -> None:
    assert Client().get(reverse("keep_access")).status_code == 302
    assert as_(cast.adviser).get(reverse("keep_access")).status_code == 404
    assert as_(cast.student).get(reverse("keep_access")).status_code == 200


# --- whom to ask, and when ------------------------------------------------------------------------------------------


def asked_on_home(person: User) -> bool:
    return "Keep your access" in as_(person).get("/").content.decode()


@pytest.mark.policy("SEC-1")
def test_the_home_page_asks_from_the_day_on(db: None) -> None:
    """Asks from 90 days before University sign-on ends, and on and after that day."""
    for days, asked in ((91, False), (90, True), (0, True), (-200, True)):
        assert asked_on_home(student_ending(days)) is asked, days
    assert not asked_on_home(StudentFactory())


def test_the_days_are_a_setting(db: None) -> None:
    student = student_ending(91)
    PolicySetting.objects.create(key="keep_access_days_before", value=91, effective_from=timezone.localdate())
    assert asked_on_home(student)


def letters() -> list[tuple[str, str]]:
    return [
        (message.to_address, message.dedupe_key.rpartition(":")[2]) for message in OutboxMessage.objects.order_by("pk")
    ]


@pytest.mark.policy("SEC-1")
def test_reminders_are_sent_twice(db: None) -> None:
    """One email from 90 days before and one from 14 days before; none to people who are ready or whose sign-on does not
    end."""
    today = timezone.localdate()
    early, late, over = student_ending(60), student_ending(10), student_ending(-1)
    ready, open_ended, closed = student_ending(60), StudentFactory(), student_ending(60, is_active=False)
    own_address(ready)
    ready.set_password(PASSWORD)
    ready.save()
    two_courses = student_ending(20)
    EnrolmentFactory(student=two_courses, expected_end_on=today + timedelta(days=400))
    left_one = student_ending(60)
    EnrolmentFactory(student=left_one, status=Status.WITHDRAWN)
    OutboxMessage.objects.all().delete()
    assert remind_to_keep_access(on=today) == 3
    assert letters() == [(early.email, "first"), (late.email, "again"), (left_one.email, "first")]
    message = OutboxMessage.objects.earliest("pk")
    assert "https://careers.example.ac.uk/keep-access/" in message.body_text
    remind_to_keep_access(on=today)
    task()
    assert len(letters()) == 3
    remind_to_keep_access(on=today + timedelta(days=50))
    assert (early.email, "again") in letters()
    assert not {over.email, open_ended.email, closed.email, two_courses.email} & {to for to, _ in letters()}


def test_the_command_and_the_daily_task(db: None) -> None:
    student_ending(60)
    out = StringIO()
    call_command("remind_to_keep_access", stdout=out)
    assert out.getvalue().startswith("1 people are due")
    assert OutboxMessage.objects.count() == 1
    assert task.name in {each["task"] for each in app.conf.beat_schedule.values()}


def test_queries_do_not_grow_with_people(db: None, django_assert_num_queries: Any) -> None:
    """A person who is asked costs one email; others cost nothing."""
    today = timezone.localdate()
    remind_to_keep_access(on=today)
    for _ in range(3):
        student_ending(200)
    with django_assert_num_queries(2):
        remind_to_keep_access(on=today)
