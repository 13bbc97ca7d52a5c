from dataclasses import dataclass
from datetime import datetime

from accounts.models import Enrolment
from messaging.models import DeliveryState, OutboxMessage
from security.models import CaseEntry, CaseReport, DataBreach, Outcome, SecurityCase
from security.selectors.breach_clock import BreachClock, breach_clock

DELIVERY = {
    DeliveryState.QUEUED: ("Waiting to go out", "info"),
    DeliveryState.SENDING: ("Going out now", "info"),
    DeliveryState.SENT: ("Delivered to the mail server", "success"),
    DeliveryState.FAILED: ("Could not be delivered", "error"),
}
STEPS = {
    "case_opened": "Case opened",
    "account_suspended": "Account suspended",
    "investigation_begun": "Investigation begun",
    "noted": "Note",
    "outcome_it_suspended": "Outcome: IT account suspended",
    "outcome_disciplinary": "Outcome: disciplinary action",
    "outcome_no_further_action": "Outcome: no further action",
    "termination_proposed": "Termination proposed",
    "termination_withdrawn": "Proposal withdrawn",
    "closed_reinstated": "Account reinstated, case closed",
    "closed_terminated": "Termination confirmed, case closed",
    "closed_outcomes": "Case closed with its outcomes",
    "closed_no_breach": "Case closed: no breach found",
    "breach_marked": "Marked as a personal-data breach",
    "breach_notified": "ICO notified",
    "breach_not_needed": "No notification needed",
}
REPORTS = {"edited": "Report edited", "sent": "Report sent", "sent_again": "Report sent again"}
ADDRESSEES = {"it_services": "IT Services", "governance": "Information Governance Office", "school": "School"}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """`delivery` and `tone` describe the delivery; `failed`: the report can be sent again."""

    report: CaseReport
    delivery: str
    tone: str
    failed: bool


@dataclass(frozen=True, slots=True)
class CaseStep:
    what: str
    by: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class CasePage:
    case: SecurityCase
    courses: list[Enrolment]
    reports: list[ReportRow]
    outcomes: list[Outcome]
    breach: DataBreach | None
    clock: BreachClock | None
    steps: list[CaseStep]

    @property
    def unsent(self) -> int:
        return sum(not row.report.is_sent for row in self.reports)


def case_page(case: SecurityCase, now: datetime) -> CasePage:
    """Six queries, whatever the length of the case: courses, reports, their delivery, outcomes, breach, log."""
    breach = DataBreach.objects.filter(case=case).select_related("decided_by").first()
    courses = Enrolment.objects.filter(student=case.person).select_related("programme__school")
    entries = CaseEntry.objects.filter(case=case).select_related("by")
    return CasePage(
        case=case,
        courses=list(courses),
        reports=_reports(case),
        outcomes=list(Outcome.objects.filter(case=case).select_related("recorded_by")),
        breach=breach,
        clock=breach_clock(breach, now),
        steps=[CaseStep(step_words(entry.what), entry.by.name, entry.at, entry.words) for entry in entries],
    )


def _reports(case: SecurityCase) -> list[ReportRow]:
    reports = list(CaseReport.objects.filter(case=case).select_related("school", "sent_by"))
    wanted = [report.message for report in reports if report.message]
    messages = {message.public_id: message for message in OutboxMessage.objects.filter(public_id__in=wanted)}
    return [_report_row(report, messages.get(report.message)) for report in reports]


def _report_row(report: CaseReport, message: OutboxMessage | None) -> ReportRow:
    if not report.is_sent:
        return ReportRow(report, "To review" if report.address else "Address missing", "warning", False)
    if message is None:
        return ReportRow(report, "Sent", "success", False)
    state = DeliveryState(message.state)
    words, tone = DELIVERY.get(state, (str(state.label), "warning"))
    return ReportRow(report, words, tone, state == DeliveryState.FAILED)


def step_words(what: str) -> str:
    """`report_sent_again_school` → `Report sent again: School`"""
    if what in STEPS:
        return STEPS[what]
    for did in sorted(REPORTS, key=len, reverse=True):
        start = f"report_{did}_"
        if what.startswith(start):
            to = what.removeprefix(start)
            return f"{REPORTS[did]}: {ADDRESSEES.get(to, to)}"
    return what


EVIDENCE = {"devices": "Devices", "kilometres": "Kilometres apart", "minutes": "Within minutes", "places": "Places"}


def evidence_rows(evidence: dict[str, object]) -> list[dict[str, object]]:
    """Rows for a summary list. A code without a label is shown as readable text."""
    return [
        {"term": EVIDENCE.get(name, name.replace("_", " ").capitalize()), "value": _value(value)}
        for name, value in evidence.items()
    ]


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
