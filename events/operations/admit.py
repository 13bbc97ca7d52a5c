"""The one way to a place: registering, accepting an offer, registration by staff and walking in all end here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.models import User
from accounts.operations.record_audit import record_audit
from eligibility.operations.allocation import use_allocation
from eligibility.rules.facts import Context
from events.models import Event, EventQuestion, Registration, RegistrationAnswer, RegistrationNeeds
from events.models.event_parts import QuestionKind
from events.notices.registration import REGISTERED
from events.operations.leave_list import leave_list_for
from events.operations.locked import LockedPair
from events.operations.queue_notices import queue_registration_notices
from events.selectors.places import lowest_free_seat
from foundation.db.inserts import insert_rows
from foundation.outcomes.refusals import Refused
from foundation.values.public_ids import new_public_id


@dataclass(frozen=True, slots=True)
class RegistrationDetails:
    """What the student tells us: answers by public id of the question, access needs, and whether employers may read
    name, course and the answers for employers."""

    answers: Mapping[str, str] = field(default_factory=dict)
    access_needs: str = ""
    shares_with_employers: bool = False


NO_DETAILS = RegistrationDetails()


def event_full(waiting: bool) -> Refused:
    """`waiting`: others are waiting already."""
    message = "This event is full, and others are waiting." if waiting else "This event is full."
    return Refused("event_full", message, "Join the waiting list. We’ll email you if a place is offered to you.")


def admit(
    locked: LockedPair,
    student: User,
    mode: str,
    details: RegistrationDetails,
    by: User,
    *,
    is_offered: bool = False,
    override_reason: str = "",
) -> Registration:
    """Gives the student a place, or raises Refused (`event_full`). The caller has locked the student and the event, and
    asked the rules. `is_offered`: the place was kept for this student."""
    event, places, context = locked.event, locked.places[mode], locked.context
    if not is_offered and not places.can_have_one(context.facts.groups):
        raise event_full(places.on_list > 0)
    seat = lowest_free_seat(event, mode, places)
    if seat > places.total:
        raise event_full(places.on_list > 0)
    kept = places.kept_for(context.facts.groups)
    registration = Registration(
        public_id=new_public_id(),
        event=event,
        student=student,
        mode=mode,
        seat=seat,
        reserve=kept.reserve if kept else None,
        shares_with_employers=details.shares_with_employers and event.shares_with_employers,
        registered_at=locked.now,
        registered_by=by,
        override_reason=override_reason,
    )
    answers = require_answers(event, details, by) if locked.own.asks else []
    insert_rows([registration])
    save_details(registration, answers, details)
    count_use(registration, context)
    action = "registered_with_override" if override_reason else "registered"
    record_audit(actor=by, action=action, on=registration, student=student, event=event.public_id)
    queue_registration_notices(REGISTERED, registration, context.policy, locked.now)
    if locked.own.is_waiting and not is_offered:
        leave_list_for(student=student, event=event, now=locked.now)
    return registration


def require_answers(event: Event, details: RegistrationDetails, by: User) -> list[tuple[EventQuestion, str]]:
    """The answers that were given, by question. Staff may leave any question open. One query."""
    given: list[tuple[EventQuestion, str]] = []
    for question in EventQuestion.objects.filter(event=event):
        answer = details.answers.get(question.public_id, "").strip()
        if not answer and question.is_required and by.is_student:
            raise _unanswered("answer_missing", question)
        if answer and question.kind == QuestionKind.CHOICE and answer not in question.choices:
            raise _unanswered("answer_unknown", question)
        if answer:
            given.append((question, answer))
    return given


def _unanswered(code: str, question: EventQuestion) -> Refused:
    return Refused(code, f"Answer “{question.label}”.", field=question.public_id, status=422)


def save_details(
    registration: Registration, answers: list[tuple[EventQuestion, str]], details: RegistrationDetails
) -> None:
    """Saves answers and access needs. The registration has none yet."""
    insert_rows([RegistrationAnswer(registration=registration, question=each, text=text) for each, text in answers])
    if details.access_needs.strip():
        insert_rows([RegistrationNeeds(registration=registration, text=details.access_needs.strip())])


def count_use(registration: Registration, context: Context) -> None:
    """Counts the registration towards the allocations of its type. The caller has locked the student."""
    event = registration.event
    use_allocation(
        student=registration.student,
        source=registration.source,
        policies=event.type.limits,
        on=event.local_date,
        ends_at=event.ends_at,
        minutes=int((event.ends_at - event.starts_at).total_seconds() // 60),
        facts=context.facts,
        calendar=context.calendar,
    )
