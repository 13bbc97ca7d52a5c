"""Sessions: limits, ends, what people are told, and leads about sharing (SEC-1)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from syrupy.assertion import SnapshotAssertion

from accounts.models import AuditEntry, PolicySetting, Role, SignIn, SignInEnding, User
from accounts.operations.sign_ins import end_sign_in, forget_old_sign_ins
from foundation.outcomes.refusals import LOCK_NOT_AVAILABLE
from foundation.web.devices import device_words
from messaging.models import OutboxMessage
from tests.accounts.devices import AWAY, CHROME, FIREFOX, IPHONE, device
from tests.appointments.racing import race
from tests.cast import Cast
from tests.factories import PASSWORD, StudentFactory, UserFactory
from tests.page_parts import told_words

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-1")]


def is_in(client: Client) -> bool:
    return client.get(reverse("profile_edit")).status_code == 200


def listed(client: Client) -> str:
    return client.get(reverse("sign_in_list")).content.decode()


@pytest.fixture
def student() -> User:
    return StudentFactory(given_name="Amara")


@pytest.fixture
def later() -> Callable[..., Any]:
    """Moves the portal's clock forward, by which sessions expire."""

    def moved(**span: float) -> Any:
        return time_machine.travel(timezone.now() + timedelta(**span), tick=True)

    return moved


# How many.


def test_students_are_signed_in_twice_at_most_and_the_oldest_goes(student: User) -> None:
    first, second = device(student), device(student, IPHONE)
    assert is_in(first)
    third = device(student, CHROME)
    assert [is_in(each) for each in (first, second, third)] == [False, True, True]
    assert SignIn.objects.get(ending=SignInEnding.REPLACED).device == "Firefox on Windows"


@pytest.mark.parametrize(
    "roles", [[role] for role in Role if role not in ("student", "graduate")] + [["adviser", "student"]]
)
def test_staff_are_signed_in_once(roles: list[str]) -> None:
    person = UserFactory(roles=roles)
    first, second = device(person), device(person, CHROME)
    assert [each.get("/profile/").status_code for each in (first, second)] == [302, 200]


def test_the_number_is_a_setting_with_a_day(student: User) -> None:
    PolicySetting.objects.create(key="sessions_most_students", value=1, effective_from=timezone.localdate())
    first, second = device(student), device(student)
    assert (is_in(first), is_in(second)) == (False, True)


def test_whoever_was_ended_is_told_by_page_and_by_email(
    student: User, settings: Any, snapshot: SnapshotAssertion
) -> None:
    settings.EMAIL_BACKEND = "messaging.mail_backend.backend.OutboxBackend"
    first, _, third = device(student, IPHONE), device(student), device(student, CHROME)
    answer = first.get(reverse("profile_edit"), follow=True)
    assert answer.redirect_chain[0][0].startswith("/accounts/login/?next=/profile/")
    assert told_words(answer) == snapshot
    assert SignIn.objects.earliest("pk").ending == "replaced"
    message = OutboxMessage.objects.get()
    assert (message.recipient, message.to_address) == (student, student.email)
    for words in ("Dear Amara", "Chrome on Linux", "Safari on iPhone", reverse("sign_in_list")):
        assert words in message.body_text
    assert "192.0.2" not in message.body_text
    assert is_in(third)


def test_people_are_not_told_of_sessions_they_ended_themselves(student: User) -> None:
    client = device(student)
    client.post(reverse("account_logout"))
    device(student)
    assert mail.outbox == []
    assert SignIn.objects.filter(ending=SignInEnding.SIGNED_OUT).count() == 1


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("roles", "most"), [([Role.STUDENT], 2), ([Role.ADVISER], 1)])
def test_twenty_at_once_never_leave_more_than_the_limit(roles: list[str], most: int) -> None:
    person = UserFactory(roles=roles)
    clients: list[Client] = []

    def sign_in() -> None:
        client = Client()
        try:
            client.force_login(person)
        except UpdateError:  # a later sign-in ended it before it finished: never signed in
            return
        except OperationalError as busy:  # waited longer than the lock timeout on a loaded machine: never signed in
            if getattr(busy.__cause__, "pgcode", "") != LOCK_NOT_AVAILABLE:
                raise
            return
        clients.append(client)

    outcome = race([sign_in] * 20)
    assert not outcome.broken
    assert sum(is_in(client) for client in clients) == most
    assert SignIn.objects.live(timezone.now()).filter(person=person).count() == most
    sessions = [each.get_decoded().get("_auth_user_id") for each in Session.objects.all()]
    assert sessions.count(str(person.pk)) == most


# How long.


def test_an_unused_session_ends_and_says_why(
    student: User, later: Callable[..., Any], snapshot: SnapshotAssertion
) -> None:
    client = device(student)
    with later(minutes=119):
        assert is_in(client)
    with later(minutes=119 + 119):
        assert is_in(client)
    with later(minutes=119 + 119 + 121):
        answer = client.get(reverse("profile_edit"), follow=True)
        assert told_words(answer) == snapshot


def test_a_session_in_use_ends_too(student: User, later: Callable[..., Any]) -> None:
    client = device(student)
    for hour in range(1, 24):
        with later(hours=hour):
            assert is_in(client), hour
    with later(hours=24, minutes=1):
        assert not is_in(client)


def test_staff_have_limits_of_their_own(later: Callable[..., Any]) -> None:
    client = device(UserFactory(roles=[Role.ADVISER]))
    with later(minutes=61):
        assert client.get("/profile/").status_code == 302


def test_a_limit_that_changes_holds_for_those_signed_in(student: User, later: Callable[..., Any]) -> None:
    client = device(student)
    PolicySetting.objects.create(key="session_idle_minutes_students", value=20, effective_from=timezone.localdate())
    with later(minutes=6):
        assert is_in(client)
    with later(minutes=6 + 21):
        assert not is_in(client)


def test_a_request_records_use_at_most_every_five_minutes(
    student: User, later: Callable[..., Any], django_assert_num_queries: Callable[[int], Any]
) -> None:
    client = device(student)
    with django_assert_num_queries(2):  # session, person
        client.get(reverse("home") + "nowhere/")
    seen = SignIn.objects.get().seen_at
    with later(minutes=6):
        client.get(reverse("privacy"), REMOTE_ADDR=AWAY)
        with django_assert_num_queries(2):
            client.get(reverse("home") + "nowhere/")
    sign_in = SignIn.objects.get()
    assert sign_in.seen_at > seen
    assert sign_in.network == "198.51.100.0/24"


def test_pages_that_are_the_same_for_everybody_make_no_query(
    student: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client = device(student)
    with django_assert_num_queries(0):
        client.get(reverse("brand_css"))
        client.get(reverse("health_live"))


# Ending them.


def test_sign_in_list_shows_devices_in_words_and_networks_only(student: User) -> None:
    here = device(student)
    device(student, IPHONE, AWAY)
    shown = listed(here)
    for words in ("Firefox on Windows", "Safari on iPhone", "192.0.2.0/24", "198.51.100.0/24", "This device"):
        assert words in shown
    assert "192.0.2.7" not in shown
    assert SignIn.objects.first().session_key not in shown
    assert "2 devices at once" in shown
    assert "after 2 hours without use" in shown
    assert reverse("sign_in_list") in here.get(reverse("profile_edit")).content.decode()


@pytest.mark.parametrize("ended", [1, 3])
def test_sign_in_list_queries(student: User, ended: int, django_assert_num_queries: Callable[[int], Any]) -> None:
    for _ in range(ended):
        device(student).post(reverse("account_logout"))
    client = device(student)
    with django_assert_num_queries(6):
        client.get(reverse("sign_in_list"))


def test_sign_in_end_is_dead_on_the_very_next_request(student: User, snapshot: SnapshotAssertion) -> None:
    here, there = device(student), device(student, IPHONE)
    sign_in = SignIn.objects.get(device="Safari on iPhone")
    answer = here.post(reverse("sign_in_end", args=[sign_in.public_id]), follow=True)
    assert "Safari on iPhone is signed out." in answer.content.decode()
    assert told_words(there.get(reverse("profile_edit"), follow=True)) == snapshot
    sign_in.refresh_from_db()
    assert sign_in.ending == "ended"
    assert is_in(here)
    assert AuditEntry.objects.get(action="sign_in_ended").subject_id == sign_in.public_id


def test_sign_in_end_of_this_device_signs_out(student: User) -> None:
    here = device(student)
    here.post(reverse("sign_in_end", args=[SignIn.objects.get().public_id]))
    assert not is_in(here)
    assert SignIn.objects.get().ending == SignInEnding.SIGNED_OUT


def test_sign_in_end_others_keeps_this_one(student: User) -> None:
    PolicySetting.objects.create(key="sessions_most_students", value=5, effective_from=timezone.localdate())
    others, here = [device(student), device(student)], device(student, IPHONE)
    answer = here.post(reverse("sign_in_end_others"), follow=True)
    assert "2 other devices are signed out." in answer.content.decode()
    assert [is_in(each) for each in (*others, here)] == [False, False, True]


def test_nobody_ends_another_persons_session(cast: Cast) -> None:
    theirs = device(cast.student)
    url = reverse("sign_in_end", args=[SignIn.objects.get().public_id])
    for person in (cast.other_student, cast.administrator, cast.adviser):
        assert device(person).post(url).status_code == 404
    assert Client().post(url).status_code == 302
    assert is_in(theirs)


def test_ending_needs_the_csrf_token(student: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(student)
    assert client.post(reverse("sign_in_end_others")).status_code == 403


def test_ending_what_has_ended_changes_nothing(student: User) -> None:
    device(student)
    sign_in = SignIn.objects.get()
    for _ in range(2):
        end_sign_in(sign_in=sign_in, by=student)
    assert AuditEntry.objects.filter(action="sign_in_ended").count() == 1


def test_a_request_under_way_when_it_is_ended_is_answered_like_one_after(student: User) -> None:
    client = device(student)
    Session.objects.all().delete()
    SignIn.objects.update(ended_at=timezone.now(), ending=SignInEnding.ENDED)
    # What happens to a request that read its session just before it ended and now wants to save it.
    answer = client.post(reverse("api_token_create"), {"name": ""})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("cookie", ["", "x", "nobody-knows-this-one", "ä" * 10, "a" * 500, "'; DROP TABLE --"])
def test_a_forged_cookie_signs_nobody_in(cookie: str) -> None:
    client = Client()
    client.cookies["sessionid"] = cookie
    answer = client.get(reverse("profile_edit"), follow=True)
    assert answer.status_code == 200
    assert "signed out" not in answer.content.decode()


def test_a_change_of_password_keeps_this_device_and_ends_the_others(student: User) -> None:
    here, there = device(student), device(student, IPHONE)
    new = "a new and much longer one"
    answer = here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert SignIn.objects.live(timezone.now()).get().device == "Firefox on Windows"
    assert "This device" in listed(here)


def test_an_older_session_without_a_record_gets_one(student: User) -> None:
    client = Client(HTTP_USER_AGENT=FIREFOX)
    client.force_login(student)
    session = client.session
    del session["sign_in"]
    session.save()
    SignIn.objects.all().delete()
    assert is_in(client)
    assert SignIn.objects.get().device == "Firefox on Windows"


def test_signing_in_and_out_is_in_the_trail(student: User) -> None:
    device(student).post(reverse("account_logout"))
    found = AuditEntry.objects.filter(subject="sign_in").order_by("pk")
    assert [(each.action, each.actor, each.student, each.origin, each.network) for each in found] == [
        ("signed_in", student, student, "web", "192.0.2.0/24"),
        ("sign_in_signed_out", student, student, "web", "192.0.2.0/24"),
    ]


# Retention.


def test_records_are_deleted_after_the_configured_days(student: User) -> None:
    device(student).post(reverse("account_logout"))
    device(student)
    live = SignIn.objects.get(ended_at=None)

    def ended(days_ago: float) -> datetime:
        return timezone.now() - timedelta(days=days_ago)

    SignIn.objects.exclude(pk=live.pk).update(ended_at=ended(89))
    assert forget_old_sign_ins() == 0
    SignIn.objects.exclude(pk=live.pk).update(ended_at=ended(91))
    SignIn.objects.filter(pk=live.pk).update(started_at=ended(100))
    call_command("forget_sign_ins")
    assert list(SignIn.objects.all()) == [live]


def test_expired_sessions_are_deleted(student: User, later: Callable[..., Any]) -> None:
    device(student)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    forget_old_sign_ins()
    assert SignIn.objects.get().ending == SignInEnding.EXPIRED
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on iPhone"),
        (CHROME, "Chrome on Linux"),
        (CHROME.replace("X11; Linux x86_64", "Linux; Android 10; K"), "Chrome on Android"),
        (CHROME + " Edg/131.0", "Edge on Linux"),
        ("curl/8.0", "Unknown device"),
        ("", "Unknown device"),
        ("<script>", "Unknown device"),
    ],
)
def test_devices_in_words(agent: str, words: str) -> None:
    assert device_words(agent) == words
