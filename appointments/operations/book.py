import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from accounts.models import IdempotencyKey, User
from accounts.operations.record_audit import record_audit
from appointments.models import AppointmentType, Booking, BookingNeeds
from appointments.operations.choice import (
    Choice,
    Details,
    Override,
    assign_time,
    locked_context,
    require_offered,
    require_or_override,
    require_rate,
    with_alternatives,
)
from appointments.operations.number_to_call import number_to_call
from appointments.operations.queue_notices import queue_booking_notices
from appointments.rules.booking import may_book_at, may_book_for
from appointments.rules.in_confidence import may_be_told_the_decision
from appointments.rules.reachable import may_be_written_to
from appointments.selectors.answered import earlier_answer
from documents.models import Document
from documents.operations.share import share_for_source
from eligibility.operations.allocation import use_allocation
from eligibility.rules.facts import Context
from foundation.db.inserts import insert_rows
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.public_ids import new_public_id


def book_appointment(
    *,
    student: User,
    choice: Choice,
    details: Details,
    by: User,
    override: Override | None = None,
    idempotency_key: str = "",
    documents: Sequence[Document] = (),
) -> Booking:
    """Books an appointment, or raises Refused and writes nothing. Repeating a request with the same key returns the
    same booking.

    Locks the student, then the adviser. Refuses what `may_book_at` refuses (unless staff override it) and times that
    are not free; after a lost race the refusal carries the nearest free times. Refuses students who change bookings too
    often (`too_many_changes`). Sends the student a confirmation (APPT-5). Attaches `documents`, which must be the
    student's own: whoever may read the booking's notes can read them.
    """
    require(may_book_for(student, by), status=403)
    require(may_be_told_the_decision(choice.type, student, by), status=403)
    try:
        return _book(student, choice, details, by, override, idempotency_key, documents)
    except Refused as refused:
        raise with_alternatives(refused, choice, student, by) from refused


@in_one_transaction
def _book(
    student: User,
    choice: Choice,
    details: Details,
    by: User,
    override: Override | None,
    idempotency_key: str,
    documents: Sequence[Document],
) -> Booking:
    locked = locked_context(choice, student, by_staff=by != student, also=[earlier_answer(by, idempotency_key)])
    context = locked.context
    fingerprint = _fingerprint(student, choice, details, override) if idempotency_key else ""
    if earlier := _already_answered(locked.also[0], fingerprint):
        return earlier
    require(may_be_written_to(student, context))
    require_rate(locked)
    require_or_override(may_book_at(choice.type, context, choice.starts_at), by, override)
    require_offered(choice, locked, by_staff=by != student)
    booking = _insert(student, choice, details, by, override, context.facts.now)
    if booking.consumes:
        count_use(booking, choice.type, student, context)
    record_audit(
        actor=by,
        action="booked" if override is None else "booked_with_override",
        on=booking,
        student=student,
        counts=booking.consumes,
    )
    if documents:
        share_for_source(documents=documents, source=booking.source, by=by)
    if idempotency_key:
        asked = IdempotencyKey(user=by, key=idempotency_key, fingerprint=fingerprint, answer_id=booking.public_id)
        insert_rows([asked])
    queue_booking_notices("booked", booking, context.policy, context.facts.now)
    return booking


def _insert(
    student: User, choice: Choice, details: Details, by: User, override: Override | None, now: datetime
) -> Booking:
    booking = Booking(
        public_id=new_public_id(),
        student=student,
        topic=details.topic,
        help_wanted=details.help_wanted,
        answers=dict(details.answers),
        recording_permission=details.recording_permission,
        phone=number_to_call(choice.mode, details.phone, student),
        booked_by=by,
        booked_at=now,
        consumes=override is None or override.counts,
        override_reason=override.reason if override else "",
    )
    assign_time(booking, choice)
    insert_rows([booking])
    if details.access_needs:
        insert_rows([BookingNeeds(booking=booking, text=details.access_needs)])
    else:
        Booking._meta.get_field("needs").set_cached_value(booking, None)  # known absent: reading it needs no query
    return booking


def count_use(booking: Booking, type: AppointmentType, student: User, context: Context) -> None:
    use_allocation(
        student=student,
        source=booking.source,
        policies=type.limits,
        on=booking.local_date,
        ends_at=booking.ends_at,
        minutes=booking.minutes,
        facts=context.facts,
        calendar=context.calendar,
    )


def _fingerprint(student: User, choice: Choice, details: Details, override: Override | None) -> str:
    where = (choice.type.pk, choice.starts_at, choice.adviser.pk, choice.mode, choice.location.pk)
    said = (student.pk, where, replace(details, answers=dict(sorted(details.answers.items()))), override)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _already_answered(earlier: list[str] | None, fingerprint: str) -> Booking | None:
    """`earlier` is the fingerprint and booking stored for this person and key."""
    if earlier is None:
        return None
    if earlier[0] != fingerprint:
        raise Refused(
            "idempotency_key_reused",
            "This Idempotency-Key was used for a different request.",
            "Use a new key for a new request.",
            status=422,
        )
    return Booking.objects.with_people().filter(public_id=earlier[1]).first()
