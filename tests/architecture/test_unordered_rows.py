"""Tests the plugin that reverses unordered rows (`tests/plugins/unordered_rows.py`)."""

import pytest
from django import forms
from django.template import Context, Template

from messaging.models import Heartbeat, Part
from messaging.operations.record_heartbeat import record_heartbeat
from messaging.selectors import heartbeats
from tests.plugins import unordered_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def parts() -> None:
    for part in Part:
        record_heartbeat(part)


def test_the_portals_code_gets_unordered_rows_back_to_front() -> None:
    as_they_come = list(Heartbeat.objects.values_list("part", flat=True))
    assert len(as_they_come) > 1
    assert list(heartbeats()) == as_they_come[::-1]


def test_a_template_that_a_view_renders_gets_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """This file acts as the portal's code: it renders, while Django's template runs the loop."""
    as_they_come = list(Heartbeat.objects.values_list("part", flat=True))
    monkeypatch.setattr(unordered_rows, "NOT_THE_PORTALS", ())
    text = "{% for part in parts %}{{ part }} {% endfor %}"
    shown = Template(text).render(Context({"parts": Heartbeat.objects.values_list("part", flat=True)}))
    assert shown.split() == as_they_come[::-1]


def test_the_choices_of_a_form_too(monkeypatch: pytest.MonkeyPatch) -> None:
    as_they_come = list(Heartbeat.objects.values_list("pk", flat=True))
    monkeypatch.setattr(unordered_rows, "NOT_THE_PORTALS", ())
    field = forms.ModelChoiceField(Heartbeat.objects.all(), empty_label=None)
    assert [value.value for value, _ in field.choices] == as_they_come[::-1]


def test_ordered_rows_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unordered_rows, "NOT_THE_PORTALS", ())
    ordered = [each.part for each in Heartbeat.objects.order_by("part")]
    assert ordered == sorted(ordered)
