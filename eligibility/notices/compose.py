"""Composes the messages of this app when they are sent, from the strike or hold as it is then."""

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst

from accounts.models import User
from accounts.rules.policy import policy_in_force
from eligibility.models import AllocationUse, Grant, Hold, HowMissed, Strike
from eligibility.notices.strikes import EXCUSED, HOLD_LIFTED, HOLD_PLACED, MISSED
from eligibility.rules.allocation import one_more_words
from eligibility.rules.miss_words import count_sentence, what_next
from eligibility.selectors.student_facts import student_context
from foundation.values.times import database_now, local_day, spoken_day
from messaging.models import OutboxMessage
from messaging.notices.wording import compose_email
from messaging.rules.kinds import Composed, Withdrawn, register_kind


def register_notices() -> None:
    register_kind(MISSED, _missed)
    register_kind(EXCUSED, _excused, confidential=True)
    register_kind(HOLD_PLACED, _hold_placed, confidential=True)
    register_kind(HOLD_LIFTED, _hold_lifted, confidential=True)


def _missed(message: OutboxMessage) -> Composed | Withdrawn:
    strike = Strike.objects.select_related("student").filter(public_id=message.context["strike"]).first()
    if strike is None:
        return Withdrawn("The mark was taken back.")
    if strike.is_excused:
        return Withdrawn("The absence is excused.")
    counting = [
        each
        for each in student_context(strike.student_id).miss_counts
        if any(miss.source_id == strike.source_id for miss in each.misses)
    ]
    steps = [each.step for each in counting if each.step]
    uses = AllocationUse.objects.filter(**strike.source.fields, consumes=True).exists()
    context = {
        "strike": strike,
        "when": spoken_day(strike.on),
        "uses": uses,
        "missed": strike.how != HowMissed.CANCELLED_LATE,
        "messages": [step.message for step in steps if step.message],
        "letters": [step.letter for step in steps if step.letter],
        "miss_counts": [(count_sentence(each), what_next(each)) for each in counting],
        "action_url": settings.SITE_URL + reverse("strike_list"),
        "action_words": "Tell us what happened",
    }
    day = spoken_day(strike.on)
    if context["letters"]:
        return _email("missed_letter", f"{capfirst(strike.how_words)}: {strike.what} on {day}", strike.student, context)
    return _email("missed", _missed_subject(strike, day), strike.student, context)


def _missed_subject(strike: Strike, day: str) -> str:
    if strike.how == HowMissed.MISSED:
        return f"We missed you on {day}"
    return f"{capfirst(strike.how_words)} on {day}"


def _excused(message: OutboxMessage) -> Composed | Withdrawn:
    strike = Strike.objects.select_related("student").filter(public_id=message.context["strike"]).first()
    grants = Grant.objects.filter(pk__in=message.context["grants"], expires_on__gte=_today()).select_related("policy")
    if strike is None or not grants:
        return Withdrawn("There is nothing to book with it any more.")
    context = {
        "strike": strike,
        "when": spoken_day(strike.on),
        "sentences": [one_more_words(grant.policy, grant.expires_on) for grant in grants],
        "action_url": settings.SITE_URL + reverse("type_list"),
        "action_words": "Book an appointment",
    }
    return _email("excused", "You can book one more appointment", strike.student, context)


def _hold_placed(message: OutboxMessage) -> Composed | Withdrawn:
    hold = _hold(message)
    if hold is None or hold.lifted_at or hold.last_day < _today():
        return Withdrawn("The hold is over.")
    return _email("hold_placed", "Booking appointments: please talk with us first", hold.student, _about(hold))


def _hold_lifted(message: OutboxMessage) -> Composed | Withdrawn:
    hold = _hold(message)
    if hold is None or not hold.lifted_at:
        return Withdrawn("The hold has changed since.")
    return _email("hold_lifted", "You can book appointments again", hold.student, _about(hold))


def _hold(message: OutboxMessage) -> Hold | None:
    return Hold.objects.select_related("student").filter(public_id=message.context["hold"]).first()


def _about(hold: Hold) -> dict[str, Any]:
    return {
        "hold": hold,
        "first": spoken_day(hold.during.lower),
        "last": hold.last_words,
        "action_url": settings.SITE_URL + reverse("strike_list"),
        "action_words": "See what this means",
    }


def _email(template: str, subject: str, student: User, context: dict[str, Any]) -> Composed:
    said = {"first_name": student.first_name, "policy": policy_in_force(), **context}
    return compose_email(f"eligibility/messages/{template}", subject, said)


def _today() -> date:
    return local_day(database_now())
