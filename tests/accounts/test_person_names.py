"""Names of people contain no links, line breaks or misleading characters, whatever way they are entered."""

import re
import sys
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.feed.rows import BadCell, person_name
from accounts.models import Role, User
from accounts.rules.identity import Assertion
from foundation.values.person_names import composed_name, spaced_name, validate_person_name
from foundation.values.unseen_signs import UNPRINTABLE as REFUSED_BY_THE_DATABASE
from foundation.values.unseen_signs import is_no_character, without_unseen
from tests.accounts.feed_files import feed, numbers, person, reasons, someone
from tests.factories import StudentFactory, UserFactory

NAMES = [
    "Amara", "O’Neill-Łukasz", "Jean-Luc", "J.R.R. Tolkien", "St. John", "Mary (Molly)", "Kumar a/l Raman", "李雷",
    "محمد", "نازنین‌زهرا", "ක්‍රිෂ්ණා", "क्‍ष", "d'Artagnan", "Zoë", "X Æ A-12", "Ng", "",
]  # fmt: skip
LINKS = [
    "https://evil.example", "http:evil", "evil.example", "www.evil.example", "t.co", "Amara evil.example/x",
    "mail@evil.example", "//evil", "\\\\share", "<b>", "evil．example", "evil。example", "https：／／evil", "evil.рф",
]  # fmt: skip
UNPRINTABLE = [
    "Amara\nBcc: x", "Amara\r", "Am\tara", "Am\0ara", "Am\x0bara", "Am\x85ara", "Am\u2028ara", "Am\u2029ara",
    "\u202eramA", "Am\u200eara", "Am\u2066ara\u2069", "Am\u061cara", "Am\u200bara", "\ufeffAmara", "Am\u00adara",
    "Am\u200dara", "Am\u200cara", "\u200dAmara", "Amara\u200c", "Am\ue000ara", "Am\U000e0041ara", "Am\ufdd0ara",
]  # fmt: skip
NOT_IN_SQL = {"\u200c", "\u200d", "\ue000", "\ufdd0", "\U000e0041", "\0"}
BEHIND_THE_FORMS = [name for name in UNPRINTABLE if not NOT_IN_SQL & set(name)]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_many_languages(name: str) -> None:
    validate_person_name(name)


@pytest.mark.parametrize("name", LINKS)
def test_a_link_is_refused_as_a_name(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_person_name(name)
    assert refused.value.code == "name_is_a_link"


@pytest.mark.parametrize("name", UNPRINTABLE, ids=ascii)
def test_invisible_characters_are_refused(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_person_name(name)
    assert refused.value.code == "name_unprintable"


def test_names_are_normalised() -> None:
    assert composed_name("Zoe\u0308   Ray ") == "Zo\u00eb Ray"


# Ways to enter a name


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["evil.example", "https://evil", "\u202ehttps://evil"])
def test_the_profile_refuses_such_names(client: Client, name: str) -> None:
    student = StudentFactory(preferred_name="Amara")
    client.force_login(student)
    answer = client.post(reverse("profile_edit"), {"preferred_name": name, "phone": "", "access_needs": ""})
    assert answer.status_code == 422
    assert answer.context["form"].has_error("preferred_name")
    student.refresh_from_db()
    assert student.preferred_name == "Amara"


@pytest.mark.django_db
def test_the_profile_normalises_names(client: Client) -> None:
    student = StudentFactory()
    client.force_login(student)
    client.post(reverse("profile_edit"), {"preferred_name": "Zoe\u0308", "phone": "", "access_needs": ""})
    student.refresh_from_db()
    assert student.preferred_name == "Zo\u00eb"


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["given_name", "family_name", "preferred_name"])
def test_the_admin_refuses_such_names(client: Client, field: str) -> None:
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))
    student = StudentFactory()
    answer = client.post(reverse("admin:accounts_user_change", args=[student.pk]), {field: "evil.example"})
    assert field in answer.context["adminform"].form.errors


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["given_name", "family_name", "preferred_name"])
@pytest.mark.parametrize("name", [*BEHIND_THE_FORMS, "https://evil.example"], ids=ascii)
def test_the_database_refuses_such_names_too(field: str, name: str) -> None:
    student = StudentFactory()
    with pytest.raises(IntegrityError, match=f"person_{field}_is_printable"), transaction.atomic():
        User.objects.filter(pk=student.pk).update(**{field: name})


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_the_database_takes_names_of_many_languages(name: str) -> None:
    student = StudentFactory(preferred_name=name)
    student.full_clean()


@pytest.mark.django_db
def test_the_feed_refuses_a_link_without_repeating_it() -> None:
    run = feed(person(1, preferred_name="https://evil.example"), person(2), person(3, family_name="\ue000ramA"))
    assert numbers(run) == (1, 0, 0, 0, 2)
    said = " ".join(reasons(run).values())
    assert "The preferred_name cannot" in said
    assert "be a link" in said
    assert "The family_name has invisible characters" in said
    assert "evil" not in said


# What nobody sees is taken out on every way in


UNSEEN = {
    "Am\u200bara": "Amara", "\ufeffAmara": "Amara", "\u202eAmara\u202c": "Amara", "Am\u00adara": "Amara",
    "Am\u2066ara\u2069": "Amara", "Am\x92ara": "Amara", "Am\u200dara": "Amara", "Am\U000e0041ara": "Amara",
    "نازنین\u200cزهرا": "نازنین\u200cزهرا", "ක්\u200dරි": "ක්\u200dරි", "نا\u200f\u200cز": "نا\u200cز", "نا\u200c": "نا",
    "\u200cAm\u200c": "Am", "Am\ufdd0ara": "Amara", "Am\U0001ffffara": "Amara",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), UNSEEN.items(), ids=ascii)
def test_what_nobody_sees_is_taken_out_but_a_joiner_that_spells_stays(typed: str, kept: str) -> None:
    assert without_unseen(typed) == kept
    assert without_unseen(kept) == kept
    validate_person_name(kept)


def test_line_breaks_are_left_to_the_field() -> None:
    assert without_unseen("Ama\nra\té") == "Ama\nra\té"


def test_every_sign_that_is_taken_out_is_one_that_a_name_may_not_have() -> None:
    """And the other way about, but for line breaks, private signs and halves of signs."""
    for sign in map(chr, range(0x80, sys.maxunicode + 1)):
        taken = without_unseen(f"é{sign}é") == "éé"
        kind = unicodedata.category(sign)
        assert taken == (kind in {"Cc", "Cf"} or is_no_character(ord(sign))), hex(ord(sign))
        assert not re.fullmatch(REFUSED_BY_THE_DATABASE, sign) or taken or kind in {"Zl", "Zp", "Cn", "Co"}, hex(
            ord(sign)
        )


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "kept"), UNSEEN.items(), ids=ascii)
def test_it_is_taken_out_of_the_profile_the_feed_and_the_admin(client: Client, typed: str, kept: str) -> None:
    run = feed(
        person(
            1, given_name=typed, preferred_name=typed, university_id="\u200bS100\u202c", email="\ufeffa@example.ac.uk"
        )
    )
    assert numbers(run)[0] == 1
    student = User.objects.get(university_id="S100")
    assert (student.given_name, student.preferred_name, student.email) == (kept, kept, "a@example.ac.uk")
    client.force_login(student)
    client.post(reverse("profile_edit"), {"preferred_name": f"X{typed}", "phone": "", "access_needs": ""})
    student.refresh_from_db()
    assert student.preferred_name == without_unseen(f"X{kept}")
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))
    said = {"given_name": typed, "family_name": typed, "preferred_name": typed, "email": "b\u200b@example.ac.uk",
            "university_id": "S\u2060100", "roles": ["student"], "enrolments-TOTAL_FORMS": "0",
            "enrolments-INITIAL_FORMS": "0"}  # fmt: skip
    answer = client.post(reverse("admin:accounts_user_change", args=[student.pk]), said)
    assert answer.status_code == 302, answer.context["errors"]
    student.refresh_from_db()
    assert (student.given_name, student.family_name, student.preferred_name) == (kept, kept, kept)
    assert (student.email, student.university_id) == ("b@example.ac.uk", "S100")


@pytest.mark.django_db
def test_it_is_taken_out_of_an_address_that_signs_in(client: Client) -> None:
    student = StudentFactory(email="amara@example.ac.uk", password="a long password of hers")
    said = {"login": "\u200bamara\u00ad@example.ac.uk\u202c", "password": "a long password of hers"}
    client.post(reverse("account_login"), said)
    assert client.session.get("_auth_user_id") == str(student.pk)


def test_it_is_taken_out_of_what_a_sign_on_service_asserts_but_not_of_the_identity() -> None:
    said = Assertion("https://idp.example", "sub\u200bject", university_id="\u200bS100 ", email="a\u00ad@example.ac.uk")
    assert (said.subject, said.university_id, said.email) == ("sub\u200bject", "S100", "a@example.ac.uk")


@pytest.mark.django_db
def test_the_feed_puts_a_space_after_a_full_stop() -> None:
    """Other systems send such names, and the space means that they are no longer links."""
    run = feed(person(1, given_name="Ma.Theresa", preferred_name="evil.example"))
    assert numbers(run)[0] == 1
    stored = someone(1)
    assert (stored.given_name, stored.preferred_name) == ("Ma. Theresa", "evil. example")


@pytest.mark.parametrize("name", [name for name in LINKS if "." in name])
def test_a_space_breaks_a_link(name: str) -> None:
    try:
        validate_person_name(person_name("given_name", name))
    except BadCell:
        assert not spaced_name(name).replace(" ", "").isalpha()
