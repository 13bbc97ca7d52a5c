"""Until when graduates are admitted: one register, the rules that are enforced (ELIG-1)."""

from datetime import date, timedelta
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts import migrations
from accounts.models import Enrolment, PolicySetting, User
from accounts.policy.registry import SETTINGS
from accounts.rules.policy import policy_from
from appointments.rules.booking import may_book_on
from appointments.selectors.student_types import services_until
from eligibility.rules.services_end import services_end
from eligibility.selectors.student_facts import student_context
from foundation.values.times import database_now, local_day, spoken_day, years_after
from tests.cast import Cast
from tests.factories import AppointmentTypeFactory, AudienceFactory, StudentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.policy("ELIG-1")]

CURRENT = {"course": {"status": ["current"]}}


def within(years: int) -> dict[str, object]:
    return {"course": {"status": ["completed"], "completed_within_years": years}}


def graduate(ended: date) -> User:
    return StudentFactory(course={"status": "completed", "completed_on": ended, "started_on": date(2019, 9, 16)})


def today() -> date:
    return local_day(database_now())


@pytest.mark.parametrize("years", [0, 1, 3])
@pytest.mark.parametrize("ended_days_ago", [30, 400, 2000])
def test_the_day_shown_is_the_last_on_which_the_rules_admit(cast: Cast, years: int, ended_days_ago: int) -> None:
    cast.type.audience.rule = {"any": [CURRENT, within(years)]}
    cast.type.audience.save()
    AppointmentTypeFactory(audience=AudienceFactory(rule={"everybody": True}))
    ended = today() - timedelta(days=ended_days_ago)
    person = graduate(ended)
    last = services_until(person)
    assert last == years_after(ended, years)
    context = student_context(person.pk)
    assert [bool(may_book_on(cast.type, context, day)) for day in (last, last + timedelta(days=1))] == [True, False]
    client = Client()
    client.force_login(person)
    assert spoken_day(last) in client.get(reverse("held_list")).content.decode()


def test_the_type_that_stops_last_counts(cast: Cast) -> None:
    for years in (1, 4, 2):
        AppointmentTypeFactory(audience=AudienceFactory(rule=within(years)))
    AppointmentTypeFactory(audience=AudienceFactory(rule=within(9)), is_offered=False)
    assert services_until(graduate(date(2026, 6, 10))) == date(2030, 6, 10)


def test_a_rule_to_come_is_followed() -> None:
    facts = student_context(graduate(date(2026, 6, 10)).pk).facts
    for years, last in ((1, date(2027, 8, 31)), (5, date(2031, 6, 10))):
        audience = AudienceFactory(rule=within(2), coming=[["2027-09-01", within(years)]])
        assert services_end([audience], facts) == last


def test_without_a_completed_course_or_a_rule_that_stops_there_is_no_day(cast: Cast) -> None:
    cast.type.audience.rule = {"any": [CURRENT, within(2)]}
    cast.type.audience.save()
    assert services_until(cast.student) is None
    cast.type.audience.rule = {"everybody": True}
    cast.type.audience.save()
    assert services_until(graduate(date(2026, 6, 10))) is None
    facts = student_context(graduate(date(2026, 6, 10)).pk).facts
    never_ends = {"any": [within(1), {"course": {"status": ["completed"], "completed_more_than_years": 3}}]}
    assert services_end([AudienceFactory(rule=never_ends)], facts) is None
    broken = AudienceFactory(rule={"nonsense": 1})
    assert services_end([broken], facts) is None


def test_somebody_who_studies_again_is_shown_no_end(cast: Cast) -> None:
    AppointmentTypeFactory(audience=AudienceFactory(rule=within(2)))
    person = graduate(date(2026, 6, 10))
    Enrolment.objects.filter(student=cast.student).update(student=person)
    client = Client()
    client.force_login(person)
    assert client.get(reverse("held_list")).context["held"].services_until is None


def test_the_setting_is_gone_and_its_old_rows_do_nothing() -> None:
    assert "graduate_service_years" not in SETTINGS
    assert policy_from({"graduate_service_years": 9}) == policy_from({})


def test_the_migration_removes_its_rows_and_no_others() -> None:
    for key in ("graduate_service_years", "retention_years"):
        PolicySetting.objects.create(key=key, value=3, effective_from=today())
    (name,) = [each.name for each in iter_modules(migrations.__path__) if each.name.endswith("years_are_in_the_rules")]
    import_module(f"accounts.migrations.{name}").remove_rows(apps, None)
    assert [each.key for each in PolicySetting.objects.all()] == ["retention_years"]
