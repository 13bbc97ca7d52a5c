"""Three separate purposes, permission for each channel, and what is exported to the alumni office (DATA-1, DATA-5)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, PolicySetting, Role, User
from accounts.operations.api_tokens import issue_api_token
from messaging.models import ContactPermission, OutboxMessage
from messaging.notices.notice import Notice
from messaging.operations.contact_permissions import say_permissions
from messaging.operations.deliver import deliver_due
from messaging.operations.queue_message import queue_messages
from messaging.rules.kinds import Composed, register_kind
from retention.operations import requests
from tests.cast import Cast
from tests.factories import UserFactory
from tests.retention.nights import leaver
from tests.retention.people import as_

pytestmark = [pytest.mark.django_db, pytest.mark.policy("DATA-5")]


@pytest.fixture
def office(db: None) -> User:
    return UserFactory(given_name="Owen", roles=[Role.ALUMNI_RELATIONS])


def agreed(name: str, *channels: str, **fields: Any) -> User:
    person = leaver(date(2026, 6, 10), given_name=name, personal_email=f"{name.lower()}@example.net", **fields)
    said = {("alumni", channel): True for channel in channels}
    say_permissions(person=person, said=said, by=person, where="Profile")
    return person


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.policy("DATA-1")
class TestPermissions:
    def test_no_permission_is_ticked_in_advance(self, cast: Cast) -> None:
        client, here = as_(cast.student), reverse("contact_permission_edit")
        assert "checked" not in client.get(here).content.decode()
        client.post(here, {"marketing": ["email"], "alumni": ["email", "telephone"]})
        client.post(here, {"marketing": ["email"], "alumni": ["telephone"]})
        said = ContactPermission.objects.order_by("pk").values_list("purpose", "channel", "given", "how")
        assert list(said) == [
            ("marketing", "email", True, "page"),
            ("alumni", "email", True, "page"),
            ("alumni", "telephone", True, "page"),
            ("alumni", "email", False, "page"),
        ]
        page = client.get(here).content.decode()
        assert page.count("checked") == 2
        assert ContactPermission.objects.latest("pk").get_how_display() in page.partition("checked")[2]
        assert AuditEntry.objects.filter(action="permission_withdrawn").count() == 1

    def test_what_was_never_agreed_to_is_never_sent(self, cast: Cast) -> None:
        """Checked when a message is sent: a permission withdrawn after it was queued no longer counts."""
        register_kind("news", lambda message: Composed("News", "News"))
        yes, no, not_any_more = cast.student, cast.other_student, agreed("Ada")
        for person in (yes, not_any_more):
            say_permissions(person=person, said={("marketing", "email"): True}, by=person, where="Profile")
        queue_messages(
            [
                Notice(
                    kind="news", channel="email", recipient=person, dedupe_key=f"news:{person.pk}", purpose="marketing"
                )
                for person in (yes, no, not_any_more)
            ]
        )
        say_permissions(person=not_any_more, said={("marketing", "email"): False}, by=not_any_more, where="Profile")
        deliver_due(seconds=20)
        states = {each.recipient: each.state for each in OutboxMessage.objects.filter(kind="news")}
        assert states == {yes: "sent", no: "cancelled", not_any_more: "cancelled"}

    def test_the_page_says_where_the_office_manages_what_it_holds(self, cast: Cast) -> None:
        for key, value in (
            ("alumni_office_link", "https://network.example.ac.uk/"),
            ("alumni_office_email", "alumni@example.ac.uk"),
            ("alumni_office_phone", "01632 960123"),
        ):
            PolicySetting.objects.create(key=key, value=value, effective_from=timezone.localdate())
        page = as_(cast.student).get(reverse("contact_permission_edit")).content.decode()
        for words in ("https://network.example.ac.uk/", "alumni@example.ac.uk", "01632 960123"):
            assert words in page


class TestExport:
    def test_those_who_agreed_and_those_who_took_it_back(self, office: User, officer: User) -> None:
        agreed("Ada", "email")
        both = agreed("Ben", "email", "telephone")
        gone = agreed("Cy", "email")
        say_permissions(person=gone, said={("alumni", "email"): False}, by=gone, where="Profile")
        held = agreed("Di", "email")
        restriction = requests.ask(person=held, kind="restriction", words="Wait", by=held)
        requests.restrict(request=restriction, words="Agreed.", by=officer)
        leaver(date(2026, 6, 10), given_name="Silent")
        studying = agreed("Eve", "email")
        studying.roles = [Role.STUDENT]
        studying.save()
        answer = as_(office).get(reverse("alumni_export"))
        found = {row["given_name"]: row for row in rows(b"".join(answer.streaming_content))}
        assert set(found) == {"Ada", "Ben", "Cy", "Di"}
        assert (found["Ada"]["status"], found["Ada"]["email"], found["Ada"]["phone"]) == (
            "agreed",
            "ada@example.net",
            "",
        )
        assert (found["Ben"]["phone"], found["Ben"]["completed_on"]) == (both.phone, "2026-06-10")
        for name in ("Cy", "Di"):
            assert (found[name]["status"], found[name]["email"], found[name]["programme"]) == ("withdrawn", "", "")
        assert AuditEntry.objects.filter(action="alumni_exported", actor=office).count() == 1
        page = as_(office).get(reverse("alumni_list")).content.decode()
        assert "ada@example.net" in page
        assert "cy@example.net" not in page

    def test_names_cannot_become_formulas(self, office: User) -> None:
        agreed("=cmd", "post")
        answer = as_(office).get(reverse("alumni_export"))
        assert rows(b"".join(answer.streaming_content))[0]["given_name"] == "'=cmd"

    def test_the_command_writes_an_export_file(self, tmp_path: Path) -> None:
        agreed("Ada", "email")
        call_command("alumni_export", str(tmp_path))
        files = list(tmp_path.iterdir())
        assert [file.name for file in files] == [f"alumni-{timezone.localdate():%Y%m%d}.csv"]
        assert files[0].stat().st_mode & 0o777 == 0o640
        assert rows(files[0].read_bytes())[0]["given_name"] == "Ada"
        with pytest.raises(CommandError, match=r"be written: No such file"):
            call_command("alumni_export", str(tmp_path / "nowhere"))

    def test_the_list_by_the_api(self, office: User, cast: Cast) -> None:
        agreed("Ada", "email")
        token = issue_api_token(user=office, name="t", by=office)
        here, ours = reverse("api_alumni_contact_list"), {"Authorization": f"Token {token}"}
        answer = Client().get(here, headers=ours).json()
        assert [(each["given_name"], each["status"]) for each in answer["results"]] == [("Ada", "agreed")]
        assert answer["results"][0]["permissions"][0]["channel"] == "email"
        assert AuditEntry.objects.filter(action="alumni_read", origin="api").count() == 1
        assert as_(cast.manager).get(here).status_code == 403

    def test_switched_off_nothing_is_shared(self, office: User, cast: Cast, tmp_path: Path) -> None:
        agreed("Ada", "email")
        PolicySetting.objects.create(key="alumni_sharing", value=False, effective_from=timezone.localdate())
        for page in ("alumni_list", "alumni_export", "api_alumni_contact_list"):
            assert as_(office).get(reverse(page)).status_code == 404
        with pytest.raises(CommandError, match="shares nothing"):
            call_command("alumni_export", str(tmp_path))
        page = as_(cast.student).get(reverse("contact_permission_edit")).content.decode()
        assert "alumni" not in page.split("<main", 1)[1].split("</main", 1)[0]
        assert "alumni office" not in Client().get(reverse("privacy")).content.decode().split("<main", 1)[1]

    @pytest.mark.parametrize("number", [1, 3])
    def test_list_queries(
        self, office: User, number: int, django_assert_num_queries: Callable[[int], Any]
    ) -> None:  # fmt: skip
        for each in range(number):
            agreed(f"Ada{each}", "email")
        client = as_(office)
        with django_assert_num_queries(9):
            client.get(reverse("alumni_list"))
