"""Reviewing, editing and sending the reports required by SEC-3."""

from accounts.models import User
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now
from messaging.models import Channel, OutboxMessage
from messaging.notices.notice import Notice
from messaging.operations.queue_again import queue_again
from messaging.operations.queue_message import queue_messages
from security.models import CaseReport
from security.notices.reports import CASE_REPORT
from security.operations.lock_case import lock_case
from security.operations.record_step import record_step
from security.rules.cases import may_work_on


@in_one_transaction
def edit_report(*, report: CaseReport, address: str, subject: str, text: str, by: User) -> CaseReport:
    """Saves the officer's changes. Refuses a report that was already sent."""
    edited = _locked(report, by)
    edited.address, edited.subject, edited.text = address.strip(), subject.strip(), text.strip()
    edited.save(update_fields=["address", "subject", "text"])
    record_step(edited.case, f"report_edited_{edited.to}", by=by, at=database_now())
    return edited


@in_one_transaction
def send_report(*, report: CaseReport, by: User) -> CaseReport:
    """Queues the report in this transaction.

    The message contains ids only; the text stays in the report, which can no longer be changed.
    """
    sent = _locked(report, by)
    if not sent.address:
        raise Refused("address_missing", f"There is no address for {sent.addressee}.", "Enter it.", field="address")
    if not sent.text or not sent.subject:
        raise Refused("text_missing", "The report is empty.", "Write the report.", field="text")
    now = database_now()
    notice = Notice(
        kind=CASE_REPORT,
        channel=Channel.EMAIL,
        recipient=None,
        to_address=sent.address,
        regarding=sent.public_id,
        dedupe_key=f"{CASE_REPORT}:{sent.public_id}",
        context={"report": sent.public_id},
    )
    (message,) = queue_messages([notice], now)
    sent.sent_at, sent.sent_by, sent.message = now, by, message.public_id
    sent.save(update_fields=["sent_at", "sent_by", "message"])
    record_step(sent.case, f"report_sent_{sent.to}", by=by, at=now, words=f"To {sent.address}")
    return sent


@in_one_transaction
def send_report_again(*, report: CaseReport, by: User) -> None:
    """Sends the same text to the same address again, after a failed delivery."""
    case = lock_case(report.case, by)
    message = OutboxMessage.objects.filter(public_id=report.message).first()
    if message is None:
        raise Refused("not_sent", "This report has not been sent yet.", "Review it and send it.")
    queue_again(message, by=by)
    record_step(case, f"report_sent_again_{report.to}", by=by, at=database_now(), words=f"To {report.address}")


def _locked(report: CaseReport, by: User) -> CaseReport:
    case = lock_case(report.case, by)
    require(may_work_on(case))
    locked = CaseReport.objects.select_related("school").get(pk=report.pk)  # the case's lock covers its reports
    if locked.is_sent:
        raise Refused(
            "already_sent", "This report has been sent, so you cannot change it.", "Write a note on the case."
        )
    locked.case = case
    return locked
