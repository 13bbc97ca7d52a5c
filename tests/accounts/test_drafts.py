"""What somebody typed and could not send: kept for them alone, shown on its page, gone once sent or after a day."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from accounts.models import Draft, SignIn, User
from accounts.operations.drafts import MOST, forget_drafts
from accounts.rules.drafts import LARGEST
from accounts.sign_in.known_devices import SALT
from appointments.models import Booking, BookingNote
from foundation.values.times import database_now
from queries.models import Query
from tests.cast import Cast
from tests.factories import stored_booking

pytestmark = pytest.mark.django_db

HERE = "http://testserver"
WORDS = {"category": "general", "subject": "About my CV", "text": "Could somebody read it by Friday?"}


def browser_of(person: User, settings: Any) -> Client:
    """A browser in which this person signed in, and whose session has ended since."""
    client = Client(headers={"origin": HERE})
    client.force_login(person)
    sign_in = SignIn.objects.filter(person=person).latest("started_at")
    client.logout()
    client.cookies[settings.KNOWN_DEVICE_COOKIE_NAME] = signing.dumps([sign_in.public_id], salt=SALT)
    return client


def send(client: Client, page: str, address: str, words: dict[str, str], **more: str) -> Any:
    return client.post(address, words, headers={"referer": f"{HERE}{page}", **more})


def begun(cast: Cast) -> Booking:
    return stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(minutes=15))


def initial(client: Client, page: str, form: str = "form") -> dict[str, Any]:
    return {field.name: field.value() for field in client.get(page).context[form]}


def test_words_survive_the_end_of_a_session(cast: Cast, settings: Any) -> None:
    client, page = browser_of(cast.student, settings), reverse("query_create") + "?category=general"
    answer = send(client, page, reverse("query_create"), WORDS)
    assert answer["Location"] == reverse("account_login") + "?next=/queries/new/%3Fcategory%3Dgeneral"
    assert WORDS["text"].encode() not in bytes(Draft.objects.get().sealed)
    client.force_login(cast.student)
    shown = client.get(page)
    assert {name: shown.context["form"][name].value() for name in WORDS} == WORDS
    assert len(shown.context["typed_before"]) == 1
    assert client.post(page, WORDS).status_code == 302
    assert (Query.objects.count(), Draft.objects.count()) == (1, 0)
    assert initial(client, page)["text"] != WORDS["text"]


def test_a_form_without_a_page_of_its_own_comes_back_on_its_page(cast: Cast, settings: Any) -> None:
    """Signing in never leads to an address that only takes POST."""
    booking = begun(cast)
    page, address = (
        reverse(name, args=[booking.public_id]) for name in ("staff_booking_detail", "staff_booking_close")
    )
    client = browser_of(cast.adviser, settings)
    said = {"outcome": "late", "late_by": "10", "text": "We compared two offers.", "next_step": "Reply to both."}
    answer = send(client, page, address, said)
    assert answer["Location"] == f"{reverse('account_login')}?next={page}"
    client.force_login(cast.adviser)
    assert {name: value for name, value in initial(client, page, "close_form").items() if name in said} == said
    assert initial(client, page, "note_form")["text"] == said["text"]  # shown once somebody else has marked it
    client.post(address, said)
    assert (BookingNote.objects.count(), Draft.objects.count()) == (1, 0)


def test_nobody_else_sees_them(cast: Cast, settings: Any) -> None:
    page = reverse("query_create")
    client = browser_of(cast.student, settings)
    send(client, page, page, WORDS)
    client.force_login(cast.other_student)
    assert not client.get(page).context["typed_before"]
    assert initial(client, page)["text"] is None
    draft = Draft.objects.get()
    assert client.post(reverse("draft_discard", args=[draft.public_id])).status_code == 404
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("more", [{"origin": "https://evil.example"}, {"origin": "null"}])
def test_other_sites_put_no_words_into_drafts(cast: Cast, settings: Any, more: dict[str, str]) -> None:
    send(browser_of(cast.student, settings), "/", reverse("query_create"), WORDS, **more)
    assert not Draft.objects.exists()


def test_a_browser_that_the_person_signed_out_keeps_nothing(cast: Cast, settings: Any) -> None:
    client = browser_of(cast.student, settings)
    SignIn.objects.update(remembered=False)
    page = reverse("query_create")
    assert send(client, page, page, WORDS)["Location"] == f"{reverse('account_login')}?next={page}"
    assert not Draft.objects.exists()


def test_an_unknown_browser_keeps_nothing_and_leads_back(cast: Cast) -> None:
    booking = begun(cast)
    page, address = (reverse(name, args=[booking.public_id]) for name in ("staff_booking_detail", "note_create"))
    answer = send(Client(headers={"origin": HERE}), page, address, {"text": "Hello"})
    assert answer["Location"] == f"{reverse('account_login')}?next={page}"
    assert not Draft.objects.exists()


def test_a_token_that_expired_costs_no_words(cast: Cast) -> None:
    client, page = Client(enforce_csrf_checks=True, headers={"origin": HERE}), reverse("query_create")
    client.force_login(cast.student)
    answer = send(client, page, page, {**WORDS, "csrfmiddlewaretoken": "old"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert {name: value for name, value in initial(client, page).items() if name in WORDS} == WORDS
    assert send(client, page, page, WORDS, origin="https://evil.example").status_code == 403


def test_part_of_a_page_sends_the_whole_page_to_sign_in(cast: Cast) -> None:
    booking, page = begun(cast), reverse("today")
    answer = send(Client(), page, reverse("attendance_mark", args=[booking.public_id]), {}, **{"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"{reverse('account_login')}?next={page}"
    assert (
        Client().get(page, headers={"HX-Request": "true"}).headers["HX-Redirect"].startswith(reverse("account_login"))
    )


def save(client: Client, page: str, address: str, words: dict[str, str]) -> int:
    return send(client, page, reverse("draft_save"), {**words, "draft_address": address}).status_code


def test_drafts_are_saved_while_somebody_types(cast: Cast, settings: Any) -> None:
    client, page = Client(headers={"origin": HERE}), reverse("query_create")
    client.force_login(cast.student)
    for text in ("Could", "Could somebody", WORDS["text"]):
        assert save(client, page, page, {**WORDS, "text": text}) == 204
    assert initial(client, page)["text"] == WORDS["text"]
    draft = Draft.objects.get()
    assert client.post(reverse("draft_discard", args=[draft.public_id]))["Location"] == page
    assert initial(client, page)["text"] is None
    ended = browser_of(cast.student, settings)
    assert save(ended, page, page, WORDS) == 204
    assert Draft.objects.get().person == cast.student


@pytest.mark.parametrize("address", ["/nowhere/", "/", "", "/accounts/login/", "/theme/", "http://["])
def test_only_forms_that_are_kept_have_drafts(cast: Cast, address: str) -> None:
    client = Client(headers={"origin": HERE})
    client.force_login(cast.student)
    assert save(client, "/", address, WORDS) == 404
    assert save(Client(headers={"origin": HERE}), "/", reverse("query_create"), WORDS) == 302
    assert not Draft.objects.exists()


def test_a_draft_is_neither_empty_nor_huge_and_there_are_not_many(cast: Cast) -> None:
    client, page = Client(headers={"origin": HERE}), reverse("query_create")
    client.force_login(cast.student)
    save(client, page, page, {"text": "  ", "subject": ""})
    save(client, page, page, {"text": "x" * LARGEST})
    assert not Draft.objects.exists()
    client.force_login(cast.adviser)
    for number in range(MOST + 2):
        here, address = (
            reverse(name, args=[f"booking{number:05}"]) for name in ("staff_booking_detail", "note_create")
        )
        save(client, here, address, {"text": f"Note {number}"})
    assert Draft.objects.filter(person=cast.adviser).count() == MOST
    assert not Draft.objects.filter(address__contains="booking00001").exists()


def test_a_draft_lasts_a_day(cast: Cast) -> None:
    client, page = Client(headers={"origin": HERE}), reverse("query_create")
    client.force_login(cast.student)
    save(client, page, page, WORDS)
    Draft.objects.update(saved_at=database_now() - timedelta(days=1, minutes=1))
    assert initial(client, page)["text"] is None
    assert forget_drafts(database_now() - timedelta(days=1)) == 1


def test_pages_of_people_without_drafts_ask_for_none(
    cast: Cast, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client, page = Client(headers={"origin": HERE}), reverse("query_create")
    client.force_login(cast.student)
    with django_assert_num_queries(5):
        client.get(page)
    save(client, page, page, WORDS)
    with django_assert_num_queries(8):  # clock, policy, drafts
        client.get(page)
