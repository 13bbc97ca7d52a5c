"""Student feeds with two administrators, and with a session that ended in the middle."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.feed.operations.work import work_on_waiting_runs
from accounts.models import Draft, FeedRun, FeedState, Role, User
from tests.accounts.feed_files import check, file_of, person, someone
from tests.accounts.test_drafts import browser_of
from tests.cast import Cast
from tests.factories import UserFactory
from tests.page_parts import told_codes

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-3")]


def test_a_colleague_who_was_quicker(client: Client, cast: Cast) -> None:
    """Two administrators have the page of one file open."""
    office, colleague = client, Client()
    office.force_login(cast.administrator)
    colleague.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))
    run = check(file_of(person(1)))
    assert office.get(reverse("feed_run_apply", args=[run.public_id])).status_code == 200
    colleague.post(reverse("feed_run_cancel", args=[run.public_id]))
    late = office.post(reverse("feed_run_apply", args=[run.public_id]), follow=True)
    assert told_codes(late) == ["feed_not_checked"]
    work_on_waiting_runs()
    assert not User.objects.filter(university_id=person(1)["university_id"]).exists()
    run = check(file_of(person(1)))
    office.post(reverse("feed_run_apply", args=[run.public_id]))
    late = colleague.post(reverse("feed_run_cancel", args=[run.public_id]), follow=True)
    assert told_codes(late) == ["feed_not_waiting"]
    work_on_waiting_runs()
    assert someone(1).enrolments.exists()


def test_a_session_that_ended_changes_nothing_and_leads_back(cast: Cast, settings: Any) -> None:
    run, here = check(file_of(person(1))), {"referer": "http://testserver/configuration/feed/"}
    ended = browser_of(cast.administrator, settings)
    for name, args, sent in (
        ("feed_run_create", [], {"file": SimpleUploadedFile("feed.csv", file_of(person(2)))}),
        ("feed_run_apply", [run.public_id], {}),
        ("feed_run_cancel", [run.public_id], {}),
    ):
        answer = ended.post(reverse(name, args=args), sent, headers=here)
        assert answer["Location"] == f"{reverse('account_login')}?next=/configuration/feed/"
    work_on_waiting_runs()
    assert FeedRun.objects.get().state == FeedState.CHECKED
    assert not Draft.objects.exists()
