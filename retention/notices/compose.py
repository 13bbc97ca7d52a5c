"""Composes the messages of this app when they are sent, from the state at that time."""

from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse

from accounts.rules.policy import policy_in_force
from foundation.values.counted import counted
from foundation.values.times import database_now, local_day, spoken_day
from messaging.models import OutboxMessage
from messaging.notices.wording import compose_email
from messaging.rules.kinds import Composed, Withdrawn, register_kind
from retention.models import RightsRequest, RightsStep
from retention.notices.officers import OFFICER
from retention.notices.people import ERASED, LEAVING, REQUEST
from retention.selectors.dates import dates_of

WAITS = {
    "asking": "A nightly run needs your approval",
    "late": "No nightly run has finished lately",
    "hold_ends": "A legal hold ends soon",
    "new": "A new request about somebody’s data",
    "due_soon": "A request about somebody’s data is due soon",
    "late_request": "A request about somebody’s data is late",
    "review": "Roles of colleagues are due for review",
    "part_waits": "A copy needs your decision",
}


def register_notices() -> None:
    """Confidential kinds are hidden from administrators of the outbox, because they concern people's data requests."""
    register_kind(LEAVING, _leaving)
    register_kind(REQUEST, _request, confidential=True)
    register_kind(ERASED, _erased, confidential=True)
    register_kind(OFFICER, _officer, confidential=True)


def _leaving(message: OutboxMessage) -> Composed | Withdrawn:
    """Withdraws the message if the person's last day has changed since."""
    person, policy = message.recipient, policy_in_force()
    until = date.fromisoformat(message.context["kept_until"])
    if person is None or dates_of(person, policy).kept_until != until:
        return Withdrawn("Their last day is another one now.")
    context = {
        "first_name": person.first_name,
        "until": spoken_day(until),
        "after": spoken_day(until + timedelta(days=1)),
        "policy": policy,
        "action_url": settings.SITE_URL + reverse("rights_request_list"),
        "action_words": "Take a copy of it with you",
    }
    return compose_email("retention/messages/leaving", "Your CareerConnect information will soon be deleted", context)


def _request(message: OutboxMessage) -> Composed | Withdrawn:
    found = RightsRequest.objects.select_related("person").filter(public_id=message.context["request"]).first()
    if found is None:
        return Withdrawn("The request is no longer there.")
    step = RightsStep.objects.filter(request=found, pk=message.context["number"]).first()
    context = {
        "first_name": found.person.first_name,
        "request": found,
        "step": message.context["step"],
        "words": step.words if step else "",
        "due": spoken_day(found.due_on),
        "today": local_day(database_now()),
        "action_url": settings.SITE_URL + reverse("rights_request_follow", args=[found.public_id]),
        "action_words": "Follow it on your page",
    }
    return compose_email("retention/messages/request", f"Your request: {found.get_kind_display()}", context)


def _erased(message: OutboxMessage) -> Composed:
    kept_for = counted(policy_in_force().email_retention_months, "month")
    return compose_email("retention/messages/erased", "We have deleted your data, as you asked", {"kept_for": kept_for})


def _officer(message: OutboxMessage) -> Composed | Withdrawn:
    what = message.context["what"]
    context = {
        "first_name": message.recipient.first_name if message.recipient else "",
        "what": what,
        "said": WAITS[what],
        "action_url": settings.SITE_URL + reverse(message.context["address"], args=message.context["args"]),
        "action_words": "See it after signing in",
    }
    return compose_email("retention/messages/officer", WAITS[what], context)
