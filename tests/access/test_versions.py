"""A stale page never wins: every form about something that others change carries its version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.db import transaction
from django.urls import Resolver404, resolve
from lxml import html

from foundation.outcomes.versions import CHANGED, Versioned
from foundation.web.operation_view import OperationView
from messaging.models import OutboxMessage
from tests.access.asking import Caller
from tests.access.matrix import MatrixLine, lines
from tests.access.scene import Scene
from tests.access.shown import PageShown, address_of, people_of
from tests.access.versions import VERSIONED, WITHOUT_VERSION
from tests.architecture.test_house import own_routes, view_class

STALE = "a version that nothing has"


def form_routes() -> dict[str, Any]:
    """Pages that take a form, by route."""
    pages = [(each.name, view_class(each)) for each in own_routes() if ".api" not in each.callback.__module__]
    return {name: view for name, view in pages if name and "post" in sent_by(view)}


def sent_by(view: Any) -> list[str]:
    return list(getattr(view, "http_method_names", ())) if hasattr(view, "post") else []


def test_every_page_that_takes_a_form_says_whether_it_can_be_stale() -> None:
    """A new form view: add it to VERSIONED, or to WITHOUT_VERSION with the reason."""
    assert len(form_routes()) > 100
    assert sorted(set(form_routes()) - VERSIONED - set(WITHOUT_VERSION)) == []
    assert sorted((VERSIONED | set(WITHOUT_VERSION)) - set(form_routes())) == []
    assert sorted(VERSIONED & set(WITHOUT_VERSION)) == []


def forms_on(page: PageShown) -> Iterator[tuple[str, bool]]:
    """The route that each form of the page is sent to, also by buttons beside it, and whether it carries a version."""
    for form in page.tree.xpath("//form[@method='post']"):
        carries = bool(form.xpath(".//input[@name='version'][string-length(@value) > 10]"))
        yield from ((route, carries) for route in routes_of(form.get("action") or page.address))
        for button in form.xpath(".//button[@formaction]"):
            yield from ((route, carries) for route in routes_of(button.get("formaction")) if route in VERSIONED)


def routes_of(address: str) -> list[str]:
    try:
        return [resolve(urlsplit(address).path).view_name]
    except Resolver404:
        return []


def test_every_form_of_these_pages_carries_the_version(shown: list[PageShown]) -> None:
    found: dict[str, set[bool]] = defaultdict(set)
    for page in shown:
        for route, carries in forms_on(page):
            found[route].add(carries)
    assert sorted(route for route in VERSIONED if False in found[route]) == []
    assert sorted(route for route in found if True in found[route] and route in WITHOUT_VERSION) == []
    assert sorted(VERSIONED - {route for route in found if found[route]} - NOT_IN_THE_SCENE) == []


NOT_IN_THE_SCENE = {
    "attendance_reverse", "booking_move", "breach_not_needed", "breach_notified", "case_close", "case_reinstate",
    "concern_reopen", "outcome_create", "staff_booking_close", "staff_booking_move_check", "termination_confirm",
    "termination_propose", "termination_withdraw", "breach_create", "case_investigate", "attendance_mark",
    "audience_check", "audience_schedule", "audience_try", "event_report_record",
}  # fmt: skip
"""Forms that no page of the scene may show, because what they are about is in another state."""


def stale_lines() -> list[MatrixLine]:
    return [line for line in lines() if line.route.name in VERSIONED and people_of(line, "POST")]


def refused_codes(answer: Any) -> list[str]:
    """Codes that the answer shows: as a refusal on a page, or as a message after an action."""
    if answer.context is None:
        return []
    shown = html.fromstring(answer.content.decode()).xpath("//*[@data-code]/@data-code")
    return [*map(str, shown), *(each.extra_tags for each in answer.context["messages"] if each.level_tag == "error")]


def rows() -> list[Any]:
    """All rows that have a version, and the messages waiting to be sent."""
    found = [model for model in apps.get_models() if issubclass(model, Versioned)]
    return [list(model._default_manager.order_by("pk").values()) for model in [*found, OutboxMessage]]


def sent(scene: Scene, line: MatrixLine, **more: str) -> tuple[Any, bool]:
    """The answer to the form of this line, and whether it changed any of these rows. Rolled back."""
    person = people_of(line, "POST")[0]
    visitor, body, before = Caller(person, scene.people[person]), scene.body(line.named, line.sends), rows()
    with transaction.atomic():
        answer = visitor.client.post(address_of(scene, line), {**body, **more}, follow=True)
        changed = rows() != before
        transaction.set_rollback(True)
    return answer, changed


def test_a_stale_form_changes_nothing(scene: Scene) -> None:
    """Where the same form without a version is accepted, it is refused with a stale one."""
    overwrites, silent, asked = [], [], set()
    for line in stale_lines():
        plain, _ = sent(scene, line)
        answer, changed = sent(scene, line, version=STALE)
        overwrites += [str(line)] if changed else []
        if plain.redirect_chain and not refused_codes(plain):
            asked.add(line.route.name)
            silent += [] if refused_codes(answer) == [CHANGED] else [f"{line}: {refused_codes(answer)}"]
    assert overwrites == []
    assert silent == []
    assert len(asked) > 20, sorted(asked)


def test_views_about_something_versioned_are_named_so() -> None:
    """Reads what `get_object` returns, so that a new form about a booking or a query is found whatever its name."""
    routes = {name: view for name, view in form_routes().items() if issubclass(view, OperationView)}
    about = {name: view.get_object.__annotations__.get("return") for name, view in routes.items()}
    versioned = {name for name, model in about.items() if isinstance(model, type) and issubclass(model, Versioned)}
    assert len(versioned) > 25
    makes_or_adds = {
        "case_report_send_again", "note_create", "query_comment", "query_link", "query_undo",
        "event_attendance_reopen", "event_copy", "event_message", "event_publish", "event_door", "event_report",
        "event_report_remove",
        "series_create", "series_publish", "series_register",
        "door_check_in", "door_undo", "door_walk_in", "device_create", "room_code", "self_check_in",
        "registration_create", "registration_undo", "still_coming", "feedback_create", "waiting_join",
        "staff_registration_cancel", "staff_registration_create", "registration_detail",
        "query_unmerge", "attendance_undo", "own_query_undo", "staff_booking_undo", "template_create",
    }  # fmt: skip
    assert sorted(versioned - VERSIONED - makes_or_adds) == []
