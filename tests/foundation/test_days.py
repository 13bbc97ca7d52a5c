"""Every day and moment that somebody sends is parsed by `foundation.days`, which refuses years out of range."""

import importlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.test import RequestFactory
from rest_framework import serializers

from accounts.models import Role, User
from foundation.api.json_days import JsonDayField
from foundation.web.days import DayField, IsoMomentField, WallField, day_in, moment_in
from tests.architecture.test_house import ROOT, tracked
from tools.places import PACKAGES

FAR = ("0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31", "99991231", "9999-W52-7")


@pytest.mark.parametrize("text", [*FAR, "", "soon", "2026-02-30", "2026-12-02" + " " * 100_000, "\0"])
def test_invalid_days_are_none(text: str) -> None:
    assert day_in(text) is None
    assert moment_in(f"{text}T09:00:00Z") is None


def test_a_day_and_a_moment_are_read() -> None:
    assert day_in("2026-12-02") == date(2026, 12, 2)
    assert moment_in("2026-12-02T09:00:00Z") == datetime(2026, 12, 2, 9, tzinfo=UTC)
    assert moment_in("2026-12-02T09:00:00 01:00") == datetime(2026, 12, 2, 8, tzinfo=UTC)  # a plus decoded to a space
    assert moment_in("2026-12-02T09:00:00") is None


@pytest.mark.parametrize("text", [*FAR[:4], "31/12/9999"])
def test_fields_refuse_years_that_are_out_of_range(text: str) -> None:
    with pytest.raises(forms.ValidationError):
        DayField().clean(text)
    with pytest.raises(forms.ValidationError):
        WallField().clean(f"{text}T09:00")
    with pytest.raises(forms.ValidationError):
        IsoMomentField().clean(f"{text}T09:00:00Z")
    with pytest.raises(serializers.ValidationError):
        JsonDayField().run_validation(text)


def subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def ours(kind: type[Any]) -> list[type[Any]]:
    """Subclasses in our packages, after importing every module that may define forms."""
    doors = {"forms", "forms.py", "serializers.py", "api", "api.py", "admin.py", "views"}
    for path in (path for app in PACKAGES for path in tracked(f"{app}/*.py") if doors & {*path.parts}):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    return [each for each in subclasses(kind) if each.__module__.partition(".")[0] in PACKAGES]


def forms_of_the_admin() -> Iterator[type[Any]]:
    request = RequestFactory().get("/admin/")
    request.user = User(roles=[Role.ADMINISTRATOR])
    for each in admin.site._registry.values():
        if type(each).__module__.startswith(PACKAGES) and each.has_change_permission(request):
            yield each.get_form(request)
            yield from (inline.get_formset(request).form for inline in each.get_inline_instances(request))


@pytest.mark.django_db
def test_every_form_reads_days_with_our_fields() -> None:
    """The admin builds its own forms from the model forms it is given."""
    of_the_admin = tuple(forms_of_the_admin())
    named = [each for each in ours(forms.BaseForm) if not any(issubclass(form, each) for form in of_the_admin)]
    everywhere = [*named, *of_the_admin]
    assert len(everywhere) > 50
    other = {
        f"{form.__name__}.{name}"
        for form in everywhere
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, (forms.DateField, forms.DateTimeField)) and not isinstance(field, DayField)
    }
    assert other == set()
