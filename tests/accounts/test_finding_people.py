"""Finding people: who is found by what somebody types, in which order, and at what cost."""

import random
import unicodedata
from datetime import date
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import PolicySetting, Role, User
from accounts.operations.forget import forget_people
from accounts.operations.profile import update_profile
from accounts.policy.registry import SETTINGS
from accounts.selectors.finding import BEGINS, EXACT, PART, SIMILAR, found_people, known_by, people_with
from accounts.sign_in.people_backend import PeopleBackend
from eligibility.models import Audience, Group, GroupMember
from queries.models import Category
from queries.operations.open_query import NewQuery, open_query
from tests.accounts.test_people_by_email import MANY
from tests.cast import Cast
from tests.factories import StudentFactory, UserFactory

pytestmark = pytest.mark.django_db

PEOPLE: dict[str, dict[str, str]] = {
    "mary": {"given": "Mary Jane", "family": "Watson", "number": "S1000123", "email": "mw77@example.ac.uk"},
    "jose": {"given": "José", "family": "Núñez Ibáñez", "phone": "+447700900456"},
    "zoe": {"given": "Zoë", "family": "Müller"},
    "obrien": {"given": "Seán", "family": "O’Brien", "number": "2026/0417"},
    "oneill": {"given": "Aoife", "family": "O'Neill"},
    "hawaii": {"given": "Leilani", "family": "Kaʻaʻawa"},
    "mbeki": {"given": "Thandi", "family": "MʼBeki"},
    "okafor": {"given": "Amara", "family": "Okafor", "preferred": "Ama", "email": "amara.okafor@example.ac.uk"},
    "smith": {"given": "Jean-Luc", "family": "Smith-Jones", "number": "0031415"},
    "vandenberg": {"given": "Jan", "family": "van den Berg"},
    "mcdonald": {"given": "Fiona", "family": "McDonald"},
    "lukasz": {"given": "Łukasz", "family": "Wałęsa"},
    "soren": {"given": "Søren", "family": "Kierkegård"},
    "strauss": {"given": "Anna", "family": "Strauß"},
    "nguyen": {"given": "Thị Hồng", "family": "Nguyễn"},
    "li": {"given": "雷", "family": "李"},
    "mohammed": {"given": "مُحَمَّد", "family": "علي"},
    "zahra": {"given": "نازنین‌زهرا", "family": "کریمی"},
    "krishna": {"given": "ක්‍රිෂ්ණා", "family": "පෙරේරා"},
    "yorgos": {"given": "Γιώργος", "family": "Παπαδόπουλος"},
    "irina": {"given": "Ирина", "family": "Королёва"},
    "isil": {"given": "Işıl", "family": "İnce"},
    "tolkien": {"given": "J.R.R.", "family": "Tolkien"},
    "raman": {"given": "Kumar", "family": "a/l Raman"},
}

LOOK_UPS: list[tuple[str, str, int | None]] = [
    ("mary", "Mary Jane Watson", EXACT),
    ("mary", "mary watson", EXACT),
    ("mary", "Watson, Mary", EXACT),
    ("mary", "WATSON Mary Jane", EXACT),
    ("mary", "jane", EXACT),
    ("mary", "Mary  Wats", BEGINS),
    ("mary", "maryjane", BEGINS),
    ("mary", "Mary\u200b Wat\u00adson\u202c", EXACT),
    ("mary", "\ufeff\u2068Mary Watson\u2069", EXACT),
    ("mary", "Watsen", SIMILAR),
    ("mary", "Waston", SIMILAR),
    ("mary", "Jnae Waston", SIMILAR),
    ("soren", "Soren Kierkagard", SIMILAR),
    ("soren", "Kierkegaard", SIMILAR),
    ("nguyen", "Nguyem Hong", SIMILAR),
    ("mary", "Mray Watson", SIMILAR),
    ("mary", "Mary Wattson", SIMILAR),
    ("mary", "Mary Parker", None),
    ("mary", "S1000123", EXACT),
    ("mary", "s1000123", EXACT),
    ("mary", "S 1000123", BEGINS),
    ("mary", "S-1000123", EXACT),
    ("mary", "1000123", EXACT),
    ("mary", "10001", BEGINS),
    ("mary", "0123", PART),
    ("mary", "Mary 0123", PART),
    ("mary", "Watson (S1000123)", EXACT),
    ("mary", "9999123", None),
    ("mary", "mw77@example.ac.uk", EXACT),
    ("mary", "MW77@Example.ac.uk", EXACT),
    ("mary", "<mw77@example.ac.uk>", EXACT),
    ("mary", "mw77@", BEGINS),
    ("mary", "mw77", EXACT),
    ("mary", "example.ac.uk", None),
    ("jose", "Jose", EXACT),
    ("jose", "José", EXACT),
    ("jose", unicodedata.normalize("NFD", "José"), EXACT),
    ("jose", "nunez ibanez", EXACT),
    ("jose", "Ibáñez, J", BEGINS),
    ("jose", "07700 900456", EXACT),
    ("jose", "+44 7700 900456", EXACT),
    ("jose", "(07700) 900-456", EXACT),
    ("jose", "07700 900", PART),
    ("jose", "900456", PART),
    ("jose", "07700 900457", None),
    ("zoe", "Zoe", EXACT),
    ("zoe", "ZOË MULLER", EXACT),
    ("zoe", "Mueller", SIMILAR),
    ("obrien", "O'Brien", EXACT),
    ("obrien", "O’Brien", EXACT),
    ("obrien", "Oʼbrien, sean", EXACT),
    ("obrien", "obrien", EXACT),
    ("obrien", "O Brien", SIMILAR),
    ("obrien", "2026/0417", EXACT),
    ("obrien", "20260417", EXACT),
    ("oneill", "O’Neill", EXACT),
    ("oneill", "oneil", BEGINS),
    ("hawaii", "Kaaawa", EXACT),
    ("mbeki", "M'Beki", EXACT),
    ("okafor", "okaffor", SIMILAR),
    ("okafor", "Amara Okaffor", SIMILAR),
    ("okafor", "ama okafor", EXACT),
    ("okafor", "amara.okafor", EXACT),
    ("okafor", "amara.okafor@exam", BEGINS),
    ("smith", "Smith Jones", EXACT),
    ("smith", "Jones-Smith", EXACT),
    ("smith", "smith‐jones", EXACT),
    ("smith", "jean luc", EXACT),
    ("smith", "Jeanluc", BEGINS),
    ("smith", "31415", PART),
    ("smith", "0031415", EXACT),
    ("vandenberg", "Vandenberg", BEGINS),
    ("vandenberg", "berg van den", EXACT),
    ("mcdonald", "Mc Donald", SIMILAR),
    ("mcdonald", "Macdonald", SIMILAR),
    ("lukasz", "lukasz walesa", EXACT),
    ("soren", "soren kierkegard", EXACT),
    ("strauss", "strauss", EXACT),
    ("strauss", "STRAUSS ANNA", EXACT),
    ("nguyen", "nguyen thi hong", EXACT),
    ("li", "李雷", EXACT),
    ("li", "李", EXACT),
    ("mohammed", "محمد علي", EXACT),
    ("mohammed", "محمد على", EXACT),
    ("zahra", "نازنین زهرا", EXACT),
    ("zahra", "نازنینزهرا", BEGINS),
    ("zahra", "نازنین‌زهرا كريمي", EXACT),
    ("krishna", "ක්‍රිෂ්ණා", EXACT),
    ("krishna", "ක්රිෂ්ණා", EXACT),
    ("yorgos", "ΠΑΠΑΔΟΠΟΥΛΟΣ", EXACT),
    ("irina", "королева", EXACT),
    ("isil", "isil ince", EXACT),
    ("tolkien", "J R R Tolkien", EXACT),
    ("tolkien", "J.R.R. Tolkien", EXACT),
    ("raman", "kumar a/l raman", EXACT),
    ("mary", "%", None),
    ("mary", "_ary", None),
    ("mary", "\\", None),
    ("mary", "000", PART),
    ("mary", "’", None),
    ("mary", "ʼ", None),
    ("mary", "ـ", None),
    ("mary", "Mary ʼ", None),
    ("mary", " \u200b ", None),
]


@pytest.fixture
def people() -> dict[str, User]:
    return {
        key: StudentFactory(
            given_name=said["given"],
            family_name=said["family"],
            preferred_name=said.get("preferred", ""),
            university_id=said.get("number", f"Q{number:05d}"),
            email=said.get("email", f"x{number}@example.ac.uk"),
            phone=said.get("phone", ""),
            course=False,
        )
        for number, (key, said) in enumerate(PEOPLE.items())
    }


@pytest.mark.parametrize(("key", "typed", "level"), LOOK_UPS, ids=ascii)
def test_who_is_found_by_what(people: dict[str, User], key: str, typed: str, level: int | None) -> None:
    found = found_people(typed, User.objects.all(), most=100)
    levels = {person.pk: person.level for person in found}
    assert levels.get(people[key].pk) == level


def names(typed: str) -> list[str]:
    return [person.name for person in found_people(typed, User.objects.all(), most=10)]


def test_the_exact_come_first_then_beginnings_then_the_likely() -> None:
    for given, family in [
        ("Ann", "Watsen"),
        ("Zed", "Watson"),
        ("Bea", "Watsonby"),
        ("Ada", "Watson"),
        ("Cy", "Other"),
    ]:
        StudentFactory(given_name=given, family_name=family)
    assert names("watson") == ["Ada Watson", "Zed Watson", "Bea Watsonby", "Ann Watsen"]


def test_no_more_than_asked_for_are_read_and_only_those_permitted() -> None:
    mine = [StudentFactory(family_name="Okafor") for _ in range(5)]
    permitted = User.objects.exclude(pk=mine[0].pk)
    assert len(found_people("okafor", permitted, most=3)) == 3
    assert mine[0] not in found_people("okafor", permitted, most=10)


@pytest.mark.parametrize(
    ("typed", "queries"),
    [("", 0), ("’", 0), ("S1000123", 1), ("Jo", 1), ("Watson", 3), ("Mary Watson", 1), ("Mary Wattson", 3)],
)
@pytest.mark.parametrize("many", [1, 3])
def test_how_many_queries_a_search_takes(typed: str, queries: int, many: int) -> None:
    for _ in range(many):
        StudentFactory(given_name="Mary", family_name="Watson", course=False)
    with CaptureQueriesContext(connection) as seen:
        found_people(typed, User.objects.all(), most=20)
    assert len(seen) == queries


def test_an_endless_search_is_cut() -> None:
    StudentFactory(given_name="Mary", family_name="Watson")
    assert names("mary " * 5000) == ["Mary Watson"]
    assert names("9" * 5000) == []
    letters = "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=5000))
    for length in (12, 39, 40, 200, 5000):
        assert names(letters[:length]) == []
    assert names(" ".join(letters[at : at + 24] for at in range(0, 200, 25))) == []


def plans(typed: str) -> list[str]:
    """How PostgreSQL looks for people, a plan for each query, with the bound that the search has set."""
    with CaptureQueriesContext(connection) as seen:
        found_people(typed, User.objects.students(), most=20)
    found = []
    for sql in [each["sql"] for each in seen if "accounts_user" in each["sql"]]:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}")
            found.append("\n".join(row[0] for row in cursor.fetchall()))
    return found


IN_EVERY_WAY = (
    *("Mary Watson", "Watson, M", "Wats", "okaffor", "Mary Wattson"),
    *("000123", "07700 900123", "m@example.ac.uk", "m@ex"),
)


def test_nobody_is_searched_for_by_reading_all_people() -> None:
    with connection.cursor() as cursor:
        cursor.execute(MANY)
        for index in ("person_by_search_text", "person_by_names_alike"):
            cursor.execute("SELECT gin_clean_pending_list(%s)", [index])  # as autovacuum does
        cursor.execute("ANALYZE accounts_user")
    read = {typed: plans(typed) for typed in IN_EVERY_WAY}
    assert all(read.values())
    assert [typed for typed in read if "Seq Scan on accounts_user" in "".join(read[typed])] == []


@pytest.mark.parametrize("typed", ["S1000123", "s1000123", "1000123", "MW77@example.ac.uk", "mw77", "own@home.example"])
def test_one_person_is_known_by_what_is_theirs_alone(typed: str) -> None:
    mary = StudentFactory(university_id="S1000123", email="mw77@example.ac.uk", phone="")
    User.objects.filter(pk=mary.pk).update(personal_email="own@home.example")
    StudentFactory(university_id="S1000124")
    assert known_by(typed) == mary


@pytest.mark.parametrize("typed", ["100012", "Mary", "mw77@example", "07700 900123", "", "Mary Watson"])
def test_nobody_is_known_by_what_others_may_have_too(typed: str) -> None:
    """Two have this telephone."""
    StudentFactory(given_name="Mary", family_name="Watson", university_id="S1000123", email="mw77@example.ac.uk")
    StudentFactory(university_id="S1000124")
    assert known_by(typed) is None


def test_people_beside_other_words() -> None:
    jose = StudentFactory(given_name="José", university_id="S1000123")
    assert list(people_with("jose")) == [jose]
    assert list(people_with("0001")) == [jose]
    assert list(people_with("jsoe")) == []
    assert list(people_with("–")) == []


# Every place that looks people up


PLACES = {
    "a student": ("front_desk", lambda q: f"{reverse('student_list')}?{q('q')}"),
    "a rule tried": ("administrator", lambda q: f"{reverse('audience_try', args=['everybody'])}?{q('q')}"),
    "a case": ("officer", lambda q: f"{reverse('case_create')}?{q('who')}"),
    "a legal hold": ("officer", lambda q: f"{reverse('legal_hold_create')}?{q('who')}"),
    "a request about data": ("officer", lambda q: f"{reverse('rights_request_record')}?{q('who')}"),
    "the admin: people": ("administrator", lambda q: f"{reverse('admin:accounts_user_changelist')}?{q('q')}"),
    "the admin: a person to choose": (
        "administrator",
        lambda q: (
            f"{reverse('admin:autocomplete')}?{q('term')}&app_label=eligibility&model_name=grant&field_name=student"
        ),
    ),
    "the admin: members": (
        "administrator",
        lambda q: f"{reverse('admin:eligibility_groupmember_changelist')}?{q('q')}",
    ),
    "queries": ("adviser", lambda q: f"{reverse('query_inbox')}?{q('q')}"),
}


@pytest.mark.parametrize("place", PLACES)
def test_every_place_finds_people_alike(cast: Cast, client: Client, place: str) -> None:
    jose = StudentFactory(given_name="José", family_name="Ó Súilleabháin", university_id="S1000123")
    StudentFactory(given_name="Somebody", family_name="Else", university_id="S2000999")
    GroupMember.objects.create(group=Group.objects.create(name="Rowers", slug="rowers"), student=jose)
    Audience.objects.get_or_create(slug="everybody", defaults={"name": "Everybody", "rule": {}})
    open_query(person=jose, asked=NewQuery(Category.GENERAL, "About my CV", "Can you help?"), by=jose)
    officer = UserFactory(roles=[Role.INFORMATION_GOVERNANCE])
    who, address = PLACES[place]
    client.force_login(officer if who == "officer" else getattr(cast, who))
    for typed in ("jose", "Suilleabhain, Jose", "1000123", "Jo\u200bse\u0301"):
        shown = client.get(address(lambda name, typed=typed: urlencode({name: typed})))
        assert shown.status_code == 200
        words = shown.json()["results"][0]["text"] if "autocomplete" in address(str) else shown.content.decode()
        assert "Súilleabháin" in words, typed
        assert "Somebody" not in words, typed


def test_the_trail_of_a_person_is_asked_for_by_their_number_alone(cast: Cast, client: Client) -> None:
    StudentFactory(university_id="S1000123")
    client.force_login(UserFactory(roles=[Role.INFORMATION_GOVERNANCE]))
    for typed, known in (("\u200b1000123", True), ("s1000123", True), ("100012", False)):
        form = client.get(reverse("trail_list"), {"person": typed}).context["form"]
        assert form.has_error("person", "unknown_person") != known


# Every way people are written


def test_whatever_writes_people_the_text_is_true() -> None:
    person = StudentFactory(given_name="Mary", university_id="S1000123")
    update_profile(user=person, by=person, preferred_name="Zoë")
    assert names("zoe") == [User.objects.get(pk=person.pk).name]
    User.objects.filter(pk=person.pk).update(family_name="Okafor")
    assert len(names("okafor")) == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_user SET given_name = 'Łukasz', phone = '+447700900999' WHERE id = %s", [person.pk]
        )
    assert len(names("lukasz")) == len(names("07700 900999")) == 1
    assert names("mary") == []


def test_the_person_of_a_session_is_read_without_it() -> None:
    person = PeopleBackend().get_user(UserFactory(roles=[Role.ADVISER]).pk)
    assert person is not None
    assert person.get_deferred_fields() == {"search_text"}


def test_whoever_is_forgotten_is_not_found_by_anything_of_theirs() -> None:
    """Somebody stays as an empty row where others' records need their author."""
    person = UserFactory(
        given_name="José", family_name="Okafor", preferred_name="Zoë", university_id="S1000123", phone="+447700900999",
        email="jo77@example.ac.uk", personal_email="own88@home.example", roles=[Role.ADVISER],
    )  # fmt: skip
    key, setting = next(iter(SETTINGS.items()))
    PolicySetting.objects.create(key=key, value=setting.default, effective_from=date(2026, 1, 1), set_by=person)
    forget_people([person.pk], cleared={}, named={"accounts.PolicySetting": ("set_by",)})
    assert User.objects.filter(pk=person.pk).exists()
    for typed in ("jose", "okafor", "zoe", "1000123", "07700 900999", "jo77", "own88", "jo77@example.ac.uk"):
        assert names(typed) == [], typed
