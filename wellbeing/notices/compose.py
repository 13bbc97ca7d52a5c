from django.conf import settings
from django.urls import reverse

from messaging.models import OutboxMessage
from messaging.notices.wording import compose_email
from messaging.rules.kinds import Composed, Withdrawn, register_kind
from wellbeing.models import Disclosure
from wellbeing.notices.concerns import DISCLOSURE, WAITS


def register_notices() -> None:
    """The kinds are confidential: administrators of the outbox do not see these messages."""
    register_kind(WAITS, _waits, confidential=True)
    register_kind(DISCLOSURE, _disclosure, forget_body=True, confidential=True)


def _waits(message: OutboxMessage) -> Composed | Withdrawn:
    """Names nobody and says nothing about the concern, because other people may see the email."""
    urgent = bool(message.context.get("urgent"))
    context = {
        "first_name": message.recipient.first_name if message.recipient else "",
        "urgent": urgent,
        "action_url": settings.SITE_URL + reverse("concern_list"),
        "action_words": "See it after signing in",
    }
    subject = "Something urgent waits for you" if urgent else "Something waits for you"
    return compose_email("wellbeing/messages/waits", subject, context)


def _disclosure(message: OutboxMessage) -> Composed | Withdrawn:
    found = Disclosure.objects.filter(public_id=message.context["disclosure"]).select_related("decided_by").first()
    if found is None:
        return Withdrawn("The disclosure is no longer there.")
    text = f"{found.shared}\n\n{found.decided_by.name}\n{settings.BRAND['name']}, {settings.BRAND['institution']}\n"
    return Composed("Confidential: about a student’s wellbeing", text)
