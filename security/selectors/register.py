"""The register of information governance: deadlines, leads to judge, open cases. The number of queries is fixed."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from accounts.models import User
from foundation.values.counted import counted
from security.models import CaseState, DataBreach, Lead, SecurityCase
from security.models.lead import LeadQuerySet
from security.models.security_case import SecurityCaseQuerySet
from security.selectors.breach_clock import BreachClock, breach_clock


@dataclass(frozen=True, slots=True)
class CaseRow:
    """`next_step`: what an officer has to do next, in words; empty for a closed case."""

    case: SecurityCase
    clock: BreachClock | None
    next_step: str


def open_cases(by: User, now: datetime) -> list[CaseRow]:
    """One query. Cases with a running breach deadline first, the earliest deadline on top; then the oldest case."""
    cases = _with_counts(SecurityCase.objects.visible_to(by).current()).order_by("opened_at")
    rows = [_row(case, now) for case in cases]
    return sorted(rows, key=lambda row: (row.clock is None, row.clock.due_at if row.clock else row.case.opened_at))


def closed_cases(by: User) -> SecurityCaseQuerySet:
    found = SecurityCase.objects.visible_to(by).filter(state=CaseState.CLOSED)
    closed: SecurityCaseQuerySet = found.select_related("person", "closed_by").order_by("-closed_at")
    return closed


def leads_to_judge(by: User) -> LeadQuerySet:
    found: LeadQuerySet = (
        Lead.objects.visible_to(by).to_judge().select_related("person").order_by("-last_seen_at", "pk")
    )
    return found


def judged_leads(by: User) -> LeadQuerySet:
    found = Lead.objects.visible_to(by).filter(judged_at__isnull=False)
    judged: LeadQuerySet = found.select_related("person", "judged_by").order_by("-judged_at", "pk")
    return judged


def _with_counts(cases: SecurityCaseQuerySet) -> SecurityCaseQuerySet:
    counted: SecurityCaseQuerySet = cases.select_related("person", "breach").annotate(
        unsent=Count("reports", filter=Q(reports__sent_at__isnull=True), distinct=True),
        came_back=Count("outcomes", distinct=True),
    )
    return counted


def _row(case: SecurityCase, now: datetime) -> CaseRow:
    breach: DataBreach | None = getattr(case, "breach", None)
    return CaseRow(case, breach_clock(breach, now), next_step(case))


def next_step(case: SecurityCase) -> str:
    """The next step of a case loaded with `_with_counts`."""
    if case.is_about_a_graduate:
        proposed = case.termination_proposed_by_id is not None
        return "A second officer confirms the termination" if proposed else "Reinstate or terminate"
    unsent: int = getattr(case, "unsent", 0)
    if unsent:
        return f"{counted(unsent, 'report')} to review and send"
    return "Close the case" if getattr(case, "came_back", 0) else "Wait for outcomes, record them"
