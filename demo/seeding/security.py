"""Three security cases and two leads for information governance."""

from datetime import datetime, time, timedelta

from accounts.models import Role, Status, User
from appointments.models import BookingStatus
from demo.seeding.institution import Institution
from demo.seeding.named_people import GOVERNANCE, NAMED_PEOPLE
from demo.seeding.staff import SECOND_OFFICER
from foundation.values.times import at, local_day
from messaging.models import Channel
from messaging.notices.notice import Notice
from messaging.operations.queue_message import queue_messages
from security.models import (
    CaseEnding,
    CaseEntry,
    CaseReport,
    CaseState,
    DataBreach,
    LeadKind,
    Outcome,
    OutcomeKind,
    SecurityCase,
    Treatment,
)
from security.notices.reports import CASE_REPORT, first_drafts
from security.operations.breaches import mark_breach
from security.operations.case_steps import investigate_case, note_on_case
from security.operations.end_suspension import propose_termination
from security.operations.open_case import open_case
from security.operations.open_lead import open_lead
from security.operations.report_concern import report_concern

KNOWN_FOR = timedelta(hours=20)
"""How long ago the breach with the running deadline became known, whatever the day."""

SHARED = "The account was used from two towns within ten minutes, three times in a week, to book for somebody else."
PASSED_ON = "A notice in a chat group of the year offered this account’s bookings for money."
LIBRARY = "Signed in on a library computer that somebody else then used to look at the bookings."


def seed_security(institution: Institution) -> None:
    """Does nothing if there are cases already, except renewing the running deadline."""
    if SecurityCase.objects.exists():
        DataBreach.objects.filter(decision="").update(known_at=institution.now - KNOWN_FOR)
        return
    Register(institution).create()


class Register:
    def __init__(self, institution: Institution) -> None:
        self.now = institution.now
        self.officer = User.objects.get(email=GOVERNANCE.email)
        self.second = User.objects.get(email=SECOND_OFFICER.email)
        others = User.objects.exclude(email__in=[person.email for person in NAMED_PEOPLE])
        studying = others.filter(roles=[Role.STUDENT], enrolments__status=Status.CURRENT).order_by("pk").distinct()
        self.students = list(studying[:5])
        self.graduates = others.filter(roles=[Role.GRADUATE], enrolments__status=Status.COMPLETED).order_by("pk")

    def create(self) -> None:
        self._reported_student(self.students[0])
        self._suspended_graduate(self._graduate_with_a_booking())
        self._closed(self.students[1])
        self._leads(self.students[2], self.students[3], self.students[4])

    def _graduate_with_a_booking(self) -> User:
        today = local_day(self.now)
        ahead = self.graduates.filter(bookings__status=BookingStatus.BOOKED, bookings__local_date__gt=today)
        return ahead.first() or self.graduates.first() or self.students[0]

    def _suspended_graduate(self, graduate: User) -> None:
        sign = {"devices": 2, "kilometres": 310, "minutes": 10, "places": ["Leeds", "Bristol"]}
        lead = open_lead(person=graduate, kind=LeadKind.CONCURRENT_DEVICES, evidence=sign)
        case = open_case(person=graduate, summary=SHARED, by=self.second, lead=lead)
        investigate_case(case=case, by=self.second)
        note_on_case(case=case, words="Asked for their account of it by email.", by=self.second)
        mark_breach(case=case, known_at=self.now - KNOWN_FOR, by=self.second)
        propose_termination(case=case, reason="They confirm that they sold the bookings.", by=self.second)

    def _reported_student(self, student: User) -> None:
        """A case with its history: opened nine days ago, reported the day after, two outcomes since."""
        opened = self._morning(9)
        case = self._case(student, PASSED_ON, opened, state=CaseState.INVESTIGATING)
        self._step(case, "investigation_begun", opened + timedelta(hours=2))
        for number, report in enumerate(first_drafts(case)):
            self._send(report, opened + timedelta(days=1, minutes=7 * number))
        heard = [
            (OutcomeKind.IT_SUSPENDED, 6, "Service desk, IT Services"),
            (OutcomeKind.DISCIPLINARY, 2, "Dean’s office"),
        ]
        for kind, days, told_by in heard:
            heard_at = self._morning(days)
            Outcome.objects.create(
                case=case,
                kind=kind,
                on=local_day(heard_at),
                told_by=told_by,
                recorded_at=heard_at,
                recorded_by=self.officer,
            )
            self._step(case, f"outcome_{kind}", heard_at, f"Told by {told_by}")

    def _closed(self, student: User) -> None:
        opened, closed = self._morning(41), self._morning(38)
        ended = {
            "state": CaseState.CLOSED,
            "ending": CaseEnding.NO_BREACH,
            "closed_at": closed,
            "closed_by": self.officer,
        }
        case = self._case(student, LIBRARY, opened, **ended)
        words = "The student had forgotten to sign out, and nobody kept anything. Shown how to end a session."
        self._step(case, "closed_no_breach", closed, words)

    def _leads(self, roaming: User, named: User, reporter: User) -> None:
        open_lead(person=roaming, kind=LeadKind.MANY_DEVICES, evidence={"devices": 7, "minutes": 180})
        words = f"{named.name} showed me how to book with their sign-in, so that I could have a second appointment."
        report_concern(happened=words, whose=named.email, noticed="Last week", by=reporter)

    def _morning(self, days_ago: int) -> datetime:
        return at(local_day(self.now) - timedelta(days=days_ago), time(10, 20))

    def _case(self, student: User, summary: str, opened: datetime, **more: object) -> SecurityCase:
        case = SecurityCase.objects.create(
            person=student,
            treated_as=Treatment.STUDENT,
            summary=summary,
            opened_at=opened,
            opened_by=self.officer,
            **more,
        )
        self._step(case, "case_opened", opened, summary)
        return case

    def _step(self, case: SecurityCase, what: str, when: datetime, words: str = "") -> None:
        CaseEntry.objects.create(case=case, at=when, by=self.officer, what=what, words=words)

    def _send(self, report: CaseReport, when: datetime) -> None:
        """Sends the report as `send_report` would have done on that day."""
        report.sent_at, report.sent_by = when, self.officer
        notice = Notice(
            kind=CASE_REPORT,
            channel=Channel.EMAIL,
            recipient=None,
            to_address=report.address,
            regarding=report.public_id,
            dedupe_key=f"{CASE_REPORT}:{report.public_id}",
            context={"report": report.public_id},
            not_before=when,
        )
        report.message = queue_messages([notice], when)[0].public_id
        report.save()
        self._step(report.case, f"report_sent_{report.to}", when, f"To {report.address}")
