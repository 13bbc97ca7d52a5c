from django.db.models import Exists, OuterRef

from accounts.models import User
from events.models import Event, EventSession, Registration
from events.models.registration import AHEAD


def clash_of(student: User, event: Event) -> str:
    """The title of another event that the student is registered for at that time; empty if there is none. One query.

    Sessions are compared, not whole events: an event of two days leaves the evening between them free.
    """
    others = Registration.objects.filter(student=student, status__in=AHEAD).exclude(event=event)
    at_once = EventSession.objects.filter(event=event, during__overlap=OuterRef("during"))
    sessions = EventSession.objects.filter(Exists(at_once), event__registrations__in=others)
    return sessions.values_list("event__title", flat=True).first() or ""
