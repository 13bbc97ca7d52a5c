"""What can be done to a case. Decides from rows that the operation has locked; writes nothing."""

from accounts.models import User
from foundation.outcomes.decisions import ALLOWED, Decision, all_of, refuse
from security.models import CaseEnding, CaseState, DataBreach, Lead, SecurityCase
from security.models.security_case import officer

NOT_YOURS = refuse("not_yours", "Only information governance can do this.")
HOW_IT_ENDS = {
    True: (CaseEnding.REINSTATED, CaseEnding.TERMINATED),
    False: (CaseEnding.OUTCOMES, CaseEnding.NO_BREACH),
}


def may_act(by: User, person: User | None) -> Decision:
    if not officer(by):
        return NOT_YOURS
    if person is not None and by.pk == person.pk:
        return refuse("about_yourself", "You cannot decide your own case.", "Ask another officer.")
    return ALLOWED


def may_judge(lead: Lead) -> Decision:
    if lead.is_open:
        return ALLOWED
    return refuse("already_judged", "Someone else has decided this lead.", "Open it again to see what was decided.")


def may_work_on(case: SecurityCase) -> Decision:
    if not case.is_closed:
        return ALLOWED
    return refuse("case_closed", f"This case is closed: {case.get_ending_display().lower()}.", "Open a new one.")


def may_investigate(case: SecurityCase) -> Decision:
    if case.state == CaseState.OPEN or case.is_closed:
        return may_work_on(case)
    return refuse("already_investigating", "This case is already being investigated.")


def may_end_suspension(case: SecurityCase) -> Decision:
    if case.is_about_a_graduate:
        return may_work_on(case)
    return refuse("not_suspended", "We only suspend graduates’ accounts, so there is nothing to end.")


def may_propose(case: SecurityCase) -> Decision:
    proposed = case.termination_proposed_by_id is not None
    already = refuse(
        "already_proposed", "The termination has already been proposed.", "A second person must confirm it."
    )
    return all_of([may_end_suspension(case), already if proposed else ALLOWED])


def may_withdraw(case: SecurityCase) -> Decision:
    proposed = case.termination_proposed_by_id is not None
    return all_of(
        [
            may_end_suspension(case),
            ALLOWED if proposed else refuse("not_proposed", "Nobody has proposed a termination."),
        ]
    )


def may_confirm(case: SecurityCase, by: User) -> Decision:
    same = case.termination_proposed_by_id == by.pk
    second = refuse(
        "second_person_needed",
        "You proposed this termination, so someone else must confirm it.",
        "Ask another officer to confirm it.",
    )
    return all_of([may_withdraw(case), second if same else ALLOWED])


def breach_is_settled(breach: DataBreach | None) -> Decision:
    if breach is None or breach.decision:
        return ALLOWED
    return refuse(
        "breach_undecided",
        "This is a personal-data breach, and we have no record of whether the ICO was notified.",
        "Record the notification, or why none is needed.",
    )


def may_close(case: SecurityCase, ending: str, breach: DataBreach | None, unsent: int, outcomes: int) -> Decision:
    """SEC-3: a student's case ends when everybody was told and an outcome has come back, or no breach was found."""
    wrong = refuse("ending_unknown", "You cannot close this case that way.", "Choose another ending.")
    checks = [may_work_on(case), breach_is_settled(breach)]
    checks.append(ALLOWED if ending in HOW_IT_ENDS[case.is_about_a_graduate] else wrong)
    if ending == CaseEnding.OUTCOMES and unsent:
        checks.append(
            refuse("reports_unsent", f"{unsent} of the reports have not been sent yet.", "Review and send them.")
        )
    if ending == CaseEnding.OUTCOMES and not outcomes:
        checks.append(refuse("no_outcome", "No outcome is recorded yet.", "Record the outcome, then close the case."))
    return all_of(checks)
