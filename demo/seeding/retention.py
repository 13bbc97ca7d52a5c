"""Two requests for a copy, a correction, contact permissions, a legal hold and a dry run."""

from datetime import time, timedelta

from accounts.models import Role, User
from demo.seeding.institution import Institution
from demo.seeding.named_people import FINISHING, GOVERNANCE, LAST_YEAR, NAMED_PEOPLE
from foundation.values.times import at
from messaging.models import ContactPermission
from messaging.operations.contact_permissions import say_permissions
from retention.models import PurgeRun, RightsRequest
from retention.operations import copies, requests
from retention.operations.keep_notice import keep_notice
from retention.operations.legal_holds import place_legal_hold
from retention.operations.nights import start_dry_run
from retention.operations.work import work_on_runs

SAID = ({"email": True}, {"email": True, "telephone": True}, {"post": True}, {"email": False, "sms": True})


def seed_retention(institution: Institution) -> None:
    """Does nothing if there are requests already."""
    if RightsRequest.objects.exists():
        return
    officer = User.objects.get(email=GOVERNANCE.email)
    seed_permissions(institution)
    seed_requests(institution, officer)
    keep_notice()
    if not PurgeRun.objects.exists():
        start_dry_run(by=officer)
        work_on_runs()


def seed_permissions(institution: Institution) -> None:
    """Contact permissions of graduates: most agreed, some have withdrawn since."""
    graduates = User.objects.filter(roles=[Role.GRADUATE]).order_by("pk")[: 12 if institution.small else 120]
    for number, person in enumerate(graduates):
        ways = SAID[number % len(SAID)]
        said = {("alumni", channel): given for channel, given in ways.items()}
        say_permissions(person=person, said=said, by=person, where="Profile, what you hear from us")
        if number % 9 == 0:
            gone = {("alumni", channel): False for channel in ways}
            say_permissions(person=person, said=gone, by=person, where="Profile, what you hear from us")
    ContactPermission.objects.update(said_at=at(institution.today - timedelta(days=30), time(11, 5)))


def seed_requests(institution: Institution, officer: User) -> None:
    """One answered request, one whose names wait for review, a correction, and a legal hold for a claim."""
    answered, waiting = (User.objects.get(email=person.email) for person in (LAST_YEAR, FINISHING))
    first = requests.ask(
        person=answered, kind="access", by=answered, received_on=institution.today - timedelta(days=20)
    )  # fmt: skip
    requests.close(
        request=first,
        outcome="done",
        words="Your copy was ready, and you have fetched it in person. Ask again at any time.",
        by=officer,
    )
    requests.ask(person=waiting, kind="access", by=waiting, received_on=institution.today - timedelta(days=6))
    others = User.objects.exclude(email__in=[person.email for person in NAMED_PEOPLE]).order_by("pk")
    student = others.filter(roles=[Role.STUDENT]).first()
    if student is not None:
        words = "My second given name is missing in the messages that I get."
        day = institution.today - timedelta(days=26)
        requests.ask(person=student, kind="rectification", words=words, by=officer, received_on=day, how="email")
    graduate = others.filter(roles=[Role.GRADUATE]).first()
    if graduate is not None:
        place_legal_hold(
            person=graduate,
            classes=["notes", "appointments"],
            reason="A claim against the University, reference LEG-114: the solicitors asked for the notes.",
            expires_on=institution.today + timedelta(days=12),
            by=officer,
        )
    copies.build_packages()
