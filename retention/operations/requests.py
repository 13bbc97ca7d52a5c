"""The steps of requests under data protection law (DATA-2).

Each step locks the person and then the request, recomputes the deadline, tells the person, and adds an entry to the
request's history and to the audit trail.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from foundation.outcomes.refusals import Refused, in_one_transaction, require
from foundation.values.times import database_now, local_day
from messaging.operations.contact_permissions import withdraw_permissions
from messaging.operations.queue_message import queue_messages
from retention.models import (
    Package,
    PackageState,
    RequestChannel,
    RequestOutcome,
    RequestState,
    RightKind,
    RightsRequest,
    RightsStep,
)
from retention.notices.officers import request_waits
from retention.notices.people import request_news
from retention.rules.clock import ClockFacts, due_on, facts_of, may_extend, may_pause
from retention.selectors.officers import officers


@in_one_transaction
def ask(
    *,
    person: User,
    kind: str,
    words: str = "",
    by: User,
    received_on: date | None = None,
    how: str = RequestChannel.PAGE,
    purposes: Sequence[str] = (),
    once: str = "",
) -> RightsRequest:
    """Creates a request. The deadline counts from the day it was received, whoever records it and when.

    An objection to a purpose that needs permission withdraws the permission at once. Building a copy starts at once.
    Sent twice with one key (`once`), it is one request.
    """
    key = Once(by, once, ("request", person.public_id, kind, words, received_on, how, *purposes))
    if earlier := key.earlier():
        return RightsRequest.objects.get(public_id=earlier)
    lock_people(person)
    now = database_now()
    received_on = received_on or local_day(now)
    if received_on > local_day(now):
        raise Refused("received_later", "The date received cannot be after today.", field="received_on", status=422)
    request = RightsRequest.objects.create(
        person=person, kind=kind, words=words, received_on=received_on, received_how=how, recorded_by=by,
        due_on=due_on(ClockFacts(kind, received_on)),
    )  # fmt: skip
    _tell(request, "received", words, by)
    if purposes:
        withdraw_permissions(person=person, purposes=purposes, by=by, where=f"request {request.public_id}")
        _note(request, "permissions_withdrawn", "", by)
    if request.is_copy:
        Package.objects.create(request=request, asked_at=now)
    queue_messages([request_waits(each, request, "new") for each in officers() if each.pk != person.pk], now)
    key.remember(request.public_id)
    return request


@in_one_transaction
def acknowledge(*, request: RightsRequest, by: User) -> None:
    """Acknowledges a complaint, which must happen within 30 days."""
    locked = _locked(request, by)
    if locked.kind != RightKind.COMPLAINT or locked.acknowledged_on:
        raise Refused("acknowledged", "This request does not need acknowledging.", "Answer it.")
    locked.acknowledged_on = local_day(database_now())
    _save(locked, "acknowledged_on")
    _tell(locked, "acknowledged", "", by)


@in_one_transaction
def pause(*, request: RightsRequest, words: str, by: User) -> None:
    """Asks the person for something we need, such as proof of identity. The deadline is paused until they answer."""
    locked = _locked(request, by)
    today = local_day(database_now())
    require(may_pause(facts_of(locked), today))
    locked.state, locked.paused_on = RequestState.PAUSED, today
    _save(locked, "state", "paused_on")
    _tell(locked, "paused", words, by)


@in_one_transaction
def resume(*, request: RightsRequest, by: User) -> None:
    """Moves the deadline by the number of days paused."""
    locked = _locked(request, by)
    if locked.paused_on is None:
        raise Refused("not_paused", "The deadline is not paused.")
    locked.days_paused += (local_day(database_now()) - locked.paused_on).days
    locked.state, locked.paused_on = RequestState.OPEN, None
    _save(locked, "state", "paused_on", "days_paused")
    _tell(locked, "resumed", "", by)


@in_one_transaction
def answer_back(*, request: RightsRequest, words: str, by: User, once: str = "") -> None:
    """Adds the person's message for the officers; it also ends a pause. Sent twice with one key, it is added once."""
    key = Once(by, once, ("said", request.public_id, words))
    if key.earlier():
        return
    locked = _locked(request, by, own=True)
    if locked.paused_on is not None:
        locked.days_paused += (local_day(database_now()) - locked.paused_on).days
        locked.state, locked.paused_on = RequestState.OPEN, None
        _save(locked, "state", "paused_on", "days_paused")
    _note(locked, "said", words, by, for_person=True)
    key.remember(request.public_id)


@in_one_transaction
def extend(*, request: RightsRequest, words: str, by: User) -> None:
    """Extends the deadline by two months. The person must be told the reason within the first month."""
    locked = _locked(request, by)
    today = local_day(database_now())
    require(may_extend(facts_of(locked), today))
    locked.extended_on = today
    _save(locked, "extended_on")
    _tell(locked, "extended", words, by)


@in_one_transaction
def note(*, request: RightsRequest, words: str, by: User, once: str = "") -> None:
    """Adds a note for officers. The person does not see it here, but can request it like all other data.

    Sent twice with one key (`once`), it is added once.
    """
    key = Once(by, once, ("request note", request.public_id, words))
    if not key.earlier():
        _note(_locked(request, by, closed_too=True), "note", words, by)
        key.remember(request.public_id)


@in_one_transaction
def restrict(*, request: RightsRequest, words: str, by: User) -> None:
    """Agrees to a restriction: data is kept, but not used otherwise until the restriction is lifted."""
    locked = _locked(request, by)
    if locked.kind != RightKind.RESTRICTION:
        raise Refused("no_restriction", "This is not a request to restrict the use of data.")
    locked.restricted_at = database_now()
    _close(locked, RequestOutcome.DONE, words, by, "restricted_at")
    _tell(locked, "restricted", words, by)


@in_one_transaction
def lift(*, request: RightsRequest, words: str, by: User) -> None:
    """Lifts the restriction. The person is told before their data is used again (article 18(3))."""
    locked = _locked(request, by, closed_too=True)
    if not locked.is_restricting:
        raise Refused("not_restricting", "There is no restriction to lift.")
    locked.lifted_at = database_now()
    _save(locked, "lifted_at")
    _tell(locked, "lifted", words, by)


@in_one_transaction
def close(*, request: RightsRequest, outcome: str, words: str, by: User) -> None:
    """Answers the request with a text for the person: what was done, or why not and where they can complain."""
    locked = _locked(request, by)
    _close(locked, outcome, words, by)
    _tell(locked, "closed", words, by)


@in_one_transaction
def withdraw(*, request: RightsRequest, by: User) -> None:
    """Withdraws the request; done by the person."""
    locked = _locked(request, by, own=True)
    _close(locked, RequestOutcome.WITHDRAWN, "Withdrawn by you.", by)
    _note(locked, "withdrawn", "", by, for_person=True)


def lock_request(request: RightsRequest) -> RightsRequest:
    """Locks the person, then the request."""
    lock_people(request.person)
    return RightsRequest.objects.select_for_update(of=("self",)).select_related("person").get(pk=request.pk)


def _locked(request: RightsRequest, by: User, *, own: bool = False, closed_too: bool = False) -> RightsRequest:
    locked = lock_request(request)
    if (by.pk == locked.person_id) != own:
        raise Refused("own_request", "Someone else must answer your own request.", status=403)
    if not locked.is_open and not closed_too:
        raise Refused("request_answered", "This request has been answered.", "Make a new request if you need more.")
    return locked


def _save(request: RightsRequest, *fields: str) -> None:
    request.due_on = due_on(facts_of(request))
    request.alerted_on = None
    request.save(update_fields=["due_on", "alerted_on", *fields])


def _close(request: RightsRequest, outcome: str, words: str, by: User, *fields: str) -> None:
    if not words.strip():
        raise Refused("request_outcome", "Enter the answer. We send it to the person.", field="words", status=422)
    # A copy that is not put together yet never will be; one that is goes with the next night.
    request.packages.filter(state=PackageState.WAITING).update(state=PackageState.GONE)
    request.paused_on = None
    request.state, request.outcome, request.outcome_words = RequestState.CLOSED, outcome, words
    request.closed_at, request.closed_by = database_now(), by
    request.save(
        update_fields=["state", "outcome", "outcome_words", "closed_at", "closed_by", "paused_on", *fields]
    )  # fmt: skip


def close_released(request: RightsRequest, words: str, by: User) -> None:
    """Closes the request when its copy is released. Runs in the caller's transaction."""
    _close(request, RequestOutcome.DONE, words, by)
    _tell(request, "released", words, by)


def _tell(request: RightsRequest, what: str, words: str, by: User) -> None:
    step = _note(request, what, words, by, for_person=True)
    queue_messages([request_news(request, what, step.pk)])


def _note(
    request: RightsRequest, what: str, words: str, by: User | None, *, for_person: bool = False
) -> RightsStep:  # fmt: skip
    record_audit(
        actor=by,
        action=f"request_{what}",
        on=request,
        student=request.person,
    )
    now = database_now()
    return RightsStep.objects.create(request=request, at=now, by=by, what=what, words=words, for_person=for_person)
