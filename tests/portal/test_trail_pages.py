"""The trail links to the page of a thing if its reader may open it, and to no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from accounts.operations.record_audit import Subject, record_audit
from accounts.selectors.trail import TrailAsked, trail_page
from accounts.selectors.trail_pages import THING_PAGES
from queries.models import Query
from retention.models import NoticeVersion, PurgeRun
from tests.cast import Cast
from tests.factories import UserFactory, stored_booking
from tests.page_parts import tree_of
from tests.retention.everything import PAST
from tests.retention.people import as_

pytestmark = pytest.mark.django_db

OPENED = {
    (): {"purge_run", "privacy_notice", "data_rights"},
    (Role.ADVISER,): {"purge_run", "privacy_notice", "booking", "general", "data_rights"},
}


@pytest.fixture
def things(cast: Cast) -> dict[str, Any]:
    """Everything that has a page, and entries about it."""
    found: dict[str, Any] = {
        "booking": stored_booking(cast.student, cast.adviser, cast.type, cast.room, PAST, status="attended"),
        "purge_run": PurgeRun.objects.create(night=date(2026, 8, 1), is_dry=True),
        **{
            kind: Query.objects.create(
                person=cast.student, subject="Hello", category=kind, opened_at=PAST, last_at=PAST, due_on=PAST.date()
            )
            for kind in ("general", "data_rights")
        },
    }
    for thing in found.values():
        record_audit(actor=cast.adviser, action="moved", on=thing)
    NoticeVersion.objects.create(number=3, from_day=date(2026, 8, 1), made_at=PAST, sections=[])
    record_audit(actor=None, action="notice_changed", on=Subject("privacy_notice", "3"))
    record_audit(actor=None, action="moved", on=Subject("booking", "gone"))
    record_audit(actor=None, action="moved", on=Subject("thing", found["booking"].public_id))
    return found | {"privacy_notice": Subject("privacy_notice", "3")}


def named(things: dict[str, Any], subject_id: str) -> str:
    ids = {getattr(thing, "public_id", "") or getattr(thing, "id", ""): name for name, thing in things.items()}
    return ids.get(subject_id, "")


@pytest.mark.parametrize("roles", OPENED)
def test_the_trail_links_to_what_its_reader_may_open(things: dict[str, Any], roles: tuple[Role, ...]) -> None:
    client = as_(UserFactory(roles=[Role.INFORMATION_GOVERNANCE, *roles]))
    answer = client.get(reverse("trail_list"))
    rows = answer.context["trail"].rows
    assert {named(things, row.subject_id) for row in rows if row.page} == OPENED[roles]
    assert not any(row.page for row in rows if row.subject == "thing" or row.subject_id == "gone")
    links = {link for link in tree_of(answer).xpath("//td[@data-label='What']//a/@href") if not link.startswith("?")}
    assert links == {row.page for row in rows if row.page}
    for link in links:
        assert client.get(link).status_code == 200


def test_there_is_one_query_for_each_kind_of_thing(
    things: dict[str, Any], cast: Cast, django_assert_num_queries: Callable[[int], Any]
) -> None:
    today, reader = timezone.localdate(), UserFactory(roles=[Role.INFORMATION_GOVERNANCE, Role.ADVISER])
    for since in (2010, 2015):
        with django_assert_num_queries(1 + len(THING_PAGES) - 1):  # nobody has sent a file of the student feed
            trail_page(reader, TrailAsked(today, today))
        for number in range(3):
            booking = stored_booking(
                cast.other_student,
                cast.adviser,
                cast.type,
                cast.room,
                PAST.replace(year=since + number),
                status="attended",
            )
            record_audit(actor=cast.adviser, action="moved", on=booking)
