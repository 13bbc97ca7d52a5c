"""Composes the messages of this app when they are sent, from the case as it is then."""

from django.conf import settings

from accounts.models import AccountStatus
from accounts.rules.policy import policy_in_force
from messaging.models import OutboxMessage
from messaging.notices.wording import compose_email
from messaging.rules.kinds import Compose, Composed, Withdrawn, register_kind
from security.models import CaseReport, SecurityCase
from security.notices.account import REINSTATED, SUSPENDED, TERMINATED
from security.notices.reports import CASE_REPORT


def register_notices() -> None:
    """The kinds are confidential: administrators of the outbox do not see these messages."""
    kinds = [
        (SUSPENDED, "account_suspended", "Your account is suspended for now", AccountStatus.SUSPENDED),
        (REINSTATED, "account_reinstated", "Your account is open again", AccountStatus.GOOD),
        (TERMINATED, "account_terminated", "Your account is closed", AccountStatus.TERMINATED),
    ]
    for kind, template, subject, status in kinds:
        register_kind(kind, _about_account(template, subject, status), confidential=True)
    register_kind(CASE_REPORT, _report, forget_body=True, confidential=True)


def _about_account(template: str, subject: str, status: AccountStatus) -> Compose:
    def compose(message: OutboxMessage) -> Composed | Withdrawn:
        case = SecurityCase.objects.select_related("person").filter(public_id=message.context["case"]).first()
        if case is None or case.person.account_status != status:
            return Withdrawn("The account has changed since.")
        context = {
            "first_name": case.person.first_name,
            "policy": policy_in_force(),
            "reference": case.public_id,
            "action_url": settings.SITE_URL + "/" if status == AccountStatus.GOOD else "",
            "action_words": "Sign in",
        }
        return compose_email(f"security/messages/{template}", subject, context)

    return compose


def _report(message: OutboxMessage) -> Composed | Withdrawn:
    report = CaseReport.objects.filter(public_id=message.context["report"]).first()
    if report is None:
        return Withdrawn("The report is no longer there.")
    return Composed(report.subject, report.text)
