"""Reply templates have two placeholders, and no template language behind them."""

from __future__ import annotations

import time

import pytest
from django.test import Client
from django.urls import reverse

from queries.models import ReplyTemplate
from queries.operations.open_query import NewQuery, open_query
from queries.rules.reply_words import filled, problem_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db

WRONG = [
    "{first_name!r}", "{first_name:>99999999}", "{adviser:{adviser}}", "{adviser.password}", "{adviser[0]}", "{}",
    "{first_name", "first_name}", "{ first_name }", "{FIRST_NAME}", "{a:9e8}", "{{first_name}", "{0}",
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_nothing_but_the_two_places_is_saved_and_the_form_says_why(cast: Cast, text: str) -> None:
    client = Client()
    client.force_login(cast.manager)
    answer = client.post(reverse("reply_template_create"), {"name": "Thanks", "text": f"Dear {text}"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["text"]
    assert not ReplyTemplate.objects.exists()


@pytest.mark.parametrize("text", WRONG)
def test_a_row_from_before_breaks_no_page_and_fills_no_memory(cast: Cast, text: str) -> None:
    template = ReplyTemplate.objects.create(name="Old", text=f"Dear {text} " * 50 + "{adviser}")
    query = open_query(person=cast.student, asked=NewQuery("general", "CV", "Help?"), by=cast.student)
    client = Client()
    client.force_login(cast.adviser)
    answer = client.post(reverse("query_answer", args=[query.public_id]), {"template": template.public_id})
    assert answer.status_code == 200
    assert len(answer.content) < 200_000


def test_places_are_filled_once_and_braces_written_twice_are_braces() -> None:
    words = {"first_name": "{adviser}", "adviser": "Ben"}
    text = "Dear {first_name}, {{adviser}} {adviser}"
    assert problem_in(text) == ""
    assert filled(text, words) == "Dear {adviser}, {adviser} Ben"


@pytest.mark.parametrize("piece", ["{", "}", "{a", "{{", "{}"])
def test_twice_the_braces_take_about_twice_as_long(piece: str) -> None:
    def took(size: int) -> float:
        began = time.process_time()
        filled(piece * size, {})
        problem_in("{{" + piece * size)
        return time.process_time() - began

    assert min(took(400_000) for _ in range(3)) < 6 * max(min(took(100_000) for _ in range(3)), 0.005)
