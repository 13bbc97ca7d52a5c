from accounts.models import Enrolment, User
from accounts.operations.account_status import suspend_account
from accounts.operations.lock_people import lock_people
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now
from messaging.operations.queue_message import queue_messages
from security.models import CaseReport, Lead, LeadState, SecurityCase, Treatment
from security.notices.account import about_account
from security.notices.reports import first_drafts
from security.operations.judge_lead import mark_judged
from security.operations.record_step import record_step
from security.rules.cases import may_act
from security.rules.treatment import treatment_of


@in_one_transaction
def open_case(*, person: User, summary: str, by: User, lead: Lead | None = None) -> SecurityCase:
    """Opens a case, from a lead or directly.

    A graduate's account is suspended in the same transaction and the person is told (SEC-4). For a student, the reports
    of SEC-3 are drafted for review; the portal does not suspend the account. Locks the person, then the lead. Refuses a
    second open case about the same person, and an officer who is that person.
    """
    if not summary.strip():
        raise Refused("summary_needed", "Enter what you suspect.", field="summary", status=422)
    require(may_act(by, person), status=403)
    lock_people(person)
    now = database_now()
    if lead is not None:
        _require_about(lead, person)
        lead = mark_judged(lead, LeadState.CASE, by, now)
    courses = list(Enrolment.objects.filter(student=person).values_list("status", flat=True))
    case = SecurityCase.objects.create(
        person=person,
        treated_as=treatment_of(person.roles, courses),
        summary=summary.strip(),
        lead=lead,
        opened_at=now,
        opened_by=by,
    )
    record_step(case, "case_opened", by=by, at=now, words=case.summary)
    if case.treated_as == Treatment.GRADUATE:
        suspend_account(person=person, by=by)
        record_step(case, "account_suspended", by=by, at=now)
        queue_messages([about_account("suspended", case)], now)
    else:
        CaseReport.objects.bulk_create(first_drafts(case))
    return case


def _require_about(lead: Lead, person: User) -> None:
    if lead.person_id is not None and lead.person_id != person.pk:
        raise Refused("lead_about_another", "This lead is about someone else.", "Open the case directly.")
