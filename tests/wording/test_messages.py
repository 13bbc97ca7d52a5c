"""Every message that the portal sends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction
from syrupy.assertion import SnapshotAssertion

from accounts.models import Role
from accounts.notices.letters import letter
from accounts.operations.account_status import reinstate_account, suspend_account
from accounts.rules.policy import policy_in_force
from appointments.operations.time_out import end_time_out, take_time_out
from eligibility.models import AllocationUse, Strike
from eligibility.operations.circumstances import excuse_with_one_more
from foundation.values.times import database_now
from messaging.mail_backend.backend import MAIL_KIND
from messaging.models import OutboxMessage
from messaging.operations.queue_message import queue_messages
from messaging.rules.kinds import Composed, kind_named, kinds
from retention.notices.people import erased, leaving
from retention.selectors.dates import dates_of
from security.models import CaseReport
from security.operations.end_suspension import confirm_termination, propose_termination, reinstate
from security.operations.open_case import open_case
from security.operations.reports import send_report
from tests.access.asking import Caller, ask
from tests.access.scene import Scene
from tests.architecture.template_names import OURS
from tests.factories import StudentFactory, UserFactory
from tests.wording.event_messages import event_messages
from tests.wording.fixed_scene import PREFERENCE
from tests.wording.test_answers import sent_to
from tests.wording.visible_text import masked, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def composed(scene: Scene, callers: dict[str, Caller]) -> dict[str, Composed]:
    """The first message of each kind that the scene, or somebody who sends a form, causes."""
    found: dict[str, Composed] = {}
    compose_new(found)
    with transaction.atomic():
        for _ in not_sent_by_a_form(scene):
            compose_new(found)
        transaction.set_rollback(True)
    for line in sent_to().values():
        person = next(each for each in PREFERENCE if each in line.verbs["POST"])
        cookies = callers[person].client.cookies.copy()
        with transaction.atomic():
            ask(scene, callers[person], line, "POST", keep=True)
            compose_new(found)
            transaction.set_rollback(True)
        callers[person].client.cookies = cookies
    return found


def not_sent_by_a_form(scene: Scene) -> Iterator[object]:
    """Messages caused by a suspension or by a nightly run."""
    student, officer = scene.cast.student, scene.people["information_governance"]
    second = UserFactory(roles=[Role.INFORMATION_GOVERNANCE])
    graduate = StudentFactory(roles=[Role.GRADUATE], course={"status": "completed", "completed_on": date(2026, 6, 10)})
    yield send_report(report=CaseReport.objects.earliest("pk"), by=officer)
    queue_messages(
        [
            leaving(graduate, dates_of(graduate, policy_in_force()).kept_until),
            erased("amara@example.net", "zzzzzzzzzzzz"),
        ],
        database_now(),
    )
    booked, adviser = student.bookings.filter(status="booked").latest("during"), scene.cast.adviser
    missed = Strike.objects.get(public_id=scene.about["strike"]["public_id"])
    AllocationUse.objects.create(
        student=student, policy=scene.cast.policy, source_id=missed.source_id, on=missed.on, ends_at=database_now(),
        ordinal=9,
    )  # fmt: skip
    yield excuse_with_one_more(strike=missed, because="Ill", by=scene.cast.manager)
    away, _ = take_time_out(adviser=adviser, starts_at=booked.starts_at, ends_at=booked.ends_at, reason="", by=adviser)
    yield away
    yield end_time_out(time_out=away, by=adviser)
    yield from event_messages(scene.cast)
    yield suspend_account(person=student, by=officer)
    yield reinstate_account(person=student, by=officer)
    yield (case := open_case(person=graduate, summary="Suspected", by=officer))
    yield reinstate(case=case, reason="A mistake", by=officer)
    yield (case := open_case(person=graduate, summary="Suspected", by=officer))
    propose_termination(case=case, reason="Shared", by=officer)
    yield confirm_termination(case=case, by=second)


def compose_new(found: dict[str, Composed]) -> None:
    for message in OutboxMessage.objects.order_by("pk"):
        if message.kind not in found and isinstance(words := kind_named(message.kind).compose(message), Composed):
            found[message.kind] = words


@pytest.mark.parametrize("kind", [each for each in kinds() if each != MAIL_KIND and not each.startswith("tests.")])
def test_message(kind: str, composed: dict[str, Composed], snapshot: SnapshotAssertion) -> None:
    words = composed[kind]
    parts = [f"Subject: {words.subject}", words.text]
    if words.html:
        parts += ["As HTML", words_of(words.html, "//body")]
    assert masked("\n\n".join(parts)) == snapshot


FOLDERS = ("account/email", "mfa/email")
LETTERS = [
    f"{folder}/{path.name.removesuffix('_message.txt')}"
    for folder in FOLDERS
    for path in sorted((OURS / folder).glob("*_message.txt"))
]


@pytest.mark.parametrize("name", LETTERS, ids=[each.replace("/", " ") for each in LETTERS])
def test_letter(name: str, scene: Scene, snapshot: SnapshotAssertion) -> None:
    """About an account, in plain text only."""
    said = {
        "user": scene.cast.student,
        "ends": "Friday 1 January 2027",
        "email": "amara@example.net",
        "link": "https://careers.example.ac.uk/link/",
        "days": 7,
        "title": "A second person is needed",
        "what": "asked",
        "who": "Moira Campbell",
        "said": "give Helen Marsh the role wellbeing lead",
        "password_reset_url": "https://careers.example.ac.uk/reset/",
    }
    mail = letter(name, "amara@example.net", said)
    assert f"Subject: {mail.subject}\n\n{mail.body}" == snapshot
