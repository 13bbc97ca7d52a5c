"""Pages on which people make requests and officers answer them (DATA-2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from retention.models import RightsRequest
from retention.operations import copies, requests
from tests.cast import Cast
from tests.factories import StudentFactory
from tests.page_parts import count, refusals, tree_of
from tests.retention.people import as_

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-2")]


class TestRightsPages:
    def test_a_student_asks_follows_and_withdraws(self, cast: Cast, officer: User) -> None:
        client = as_(cast.student)
        answer = client.post(reverse("rights_request_create"), {"kind": "access"}, follow=True)
        request = RightsRequest.objects.get()
        assert answer.redirect_chain[-1][0] == reverse("rights_request_follow", args=[request.public_id])
        assert answer.context["page"].package.state == "waiting"
        copy = "//section[@aria-labelledby='copy']"
        assert (count(answer, f"{copy}//p[@role='status']"), count(answer, f"{copy}//progress")) == (1, 1)
        again = client.post(reverse("rights_request_create"), {"kind": "access"})
        assert again.status_code == 409
        assert refusals(again) == ["request_open"]
        copies.build_packages()
        ready = client.get(answer.redirect_chain[-1][0])
        assert ready.context["page"].package.state == "ready"
        assert (count(ready, f"{copy}/p"), count(ready, f"{copy}//progress"), count(ready, f"{copy}//a")) == (1, 0, 0)
        client.post(reverse("rights_request_withdraw", args=[request.public_id]))
        request.refresh_from_db()
        assert request.outcome == "withdrawn"

    def test_deletion_says_what_happens_and_asks_twice(self, cast: Cast, officer: User) -> None:
        client, url = as_(cast.student), reverse("rights_request_create")
        said = {"kind": "erasure", "words": "All of it"}
        asked = client.post(url, said)
        assert asked.status_code == 200
        assert not RightsRequest.objects.exists()
        assert count(asked, "//*[@id='what-happens']") == 1
        sent = {each.get("name"): each.get("value") for each in tree_of(asked).xpath("//main//form//input")}
        for ours in ("csrfmiddlewaretoken", "once"):
            sent.pop(ours, None)
        assert sent == {**said, "sure": "on"}, "what was typed goes with it"
        assert client.post(url, sent).status_code == 302
        made = RightsRequest.objects.get()
        assert (made.kind, made.words) == ("erasure", "All of it")

    @pytest.mark.parametrize(
        ("said", "wrong"),
        [
            ({}, "kind"),
            ({"kind": "nonsense"}, "kind"),
            ({"kind": "rectification"}, "words"),
            ({"kind": "objection"}, "words"),
            ({"kind": "complaint", "words": "x" * 5000}, "words"),
        ],
    )
    def test_bad_input_gets_a_clear_error(self, cast: Cast, said: dict[str, str], wrong: str) -> None:
        answer = as_(cast.student).post(reverse("rights_request_create"), said)
        assert answer.status_code == 422
        assert wrong in answer.context["form"].errors
        assert not RightsRequest.objects.exists()

    def test_an_officer_works_through_a_request(self, cast: Cast, officer: User) -> None:
        client = as_(officer)
        found = client.get(reverse("rights_request_record"), {"who": cast.student.university_id})
        assert cast.student.name in found.content.decode()
        yesterday = timezone.localdate() - timedelta(days=1)
        made = client.post(
            reverse("rights_request_record"),
            {
                "person": cast.student.public_id, "kind": "rectification", "words": "My name", "how": "telephone",
                "received_on": str(yesterday),
            },
        )  # fmt: skip
        request = RightsRequest.objects.get()
        here = reverse("rights_request_detail", args=[request.public_id])
        assert made["Location"] == here
        for part, said in (
            ("note", {"note_form-words": "Asked the records office."}),
            ("pause", {"pause_form-words": "How is it spelt?"}),
            ("resume", {}),
            ("extend", {"extend_form-words": "The records office answers in May."}),
        ):
            assert client.post(reverse(f"rights_request_{part}", args=[request.public_id]), said)["Location"] == here
        empty = client.post(reverse("rights_request_close", args=[request.public_id]), {"close_form-outcome": "done"})
        assert empty.status_code == 422
        said = {"close_form-outcome": "done", "close_form-words": "It is."}
        client.post(reverse("rights_request_close", args=[request.public_id]), said)
        late = client.post(reverse("rights_request_pause", args=[request.public_id]), {"pause_form-words": "And?"})
        assert late.status_code == 409
        assert refusals(late) == ["request_answered"]
        assert "Asked the records office." not in as_(cast.student).get(
            reverse("rights_request_follow", args=[request.public_id])
        ).content.decode()  # fmt: skip

    def test_asking_how_far_the_copy_is_keeps_what_was_typed(self, cast: Cast, officer: User) -> None:
        request = requests.ask(person=cast.student, kind="access", words="", by=cast.student)
        here, client = reverse("rights_request_detail", args=[request.public_id]), as_(officer)
        page = client.get(here)
        assert page.context["page"].package.is_in_the_making
        tree = tree_of(page)
        assert tree.xpath(f"//main//button[@formaction='{here}']")
        assert not tree.xpath(f"//main//a[@href='{here}']")
        typed = {"pause_form-words": "Which years?", "note_form-words": "Rang them."}
        assert client.post(here, typed)["Location"] == here
        shown = client.get(here).context
        assert [shown[name]["words"].value() for name in ("pause_form", "note_form")] == list(typed.values())

    @pytest.mark.parametrize("number", [1, 3])
    def test_inbox_queries(
        self, officer: User, number: int, django_assert_num_queries: Callable[[int], Any]
    ) -> None:  # fmt: skip
        for _ in range(number):
            requests.ask(person=StudentFactory(), kind="rectification", words="It", by=officer)
        client = as_(officer)
        with django_assert_num_queries(5):  # session, person, clock, count, page
            client.get(reverse("rights_request_inbox"))

    @pytest.mark.parametrize("number", [1, 3])
    def test_own_list_queries(
        self, cast: Cast, number: int, django_assert_num_queries: Callable[[int], Any]
    ) -> None:  # fmt: skip
        for kind in ("access", "erasure", "complaint")[:number]:
            requests.ask(person=cast.student, kind=kind, words="It", by=cast.student)
        client = as_(cast.student)
        with django_assert_num_queries(3):  # session, person, requests
            client.get(reverse("rights_request_list"))
