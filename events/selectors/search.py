from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from eligibility.models import Audience
from eligibility.rules.audiences import may_use
from eligibility.rules.facts import Context
from events.models import Event
from events.models.event import EventQuerySet
from places.models import MeetingMode


@dataclass(frozen=True, slots=True)
class EventSearch:
    """What somebody looks for; empty fields ask for nothing. `first` and `last` are local days, inclusive."""

    words: str = ""
    type: str = ""
    mode: str = ""
    is_past: bool = False
    first: date | None = None
    last: date | None = None


def search_events(events: EventQuerySet, search: EventSearch, now: datetime) -> EventQuerySet:
    """Every word must be in the title, the summary or the name of an employer."""
    found = events.past(now) if search.is_past else events.ahead(now)
    if search.type:
        found = found.filter(type__slug=search.type)
    if search.mode:
        online = search.mode == MeetingMode.ONLINE
        found = found.filter(**{f"places_{'online' if online else 'in_person'}__isnull": False})
    if search.first:
        found = found.filter(local_date__gte=search.first)
    if search.last:
        found = found.filter(local_date__lte=search.last)
    for word in search.words.split():
        said = Q(title__icontains=word) | Q(summary__icontains=word) | Q(employers__name__icontains=word)
        found = found.filter(pk__in=Event.objects.filter(said).values("pk"))
    return found


def for_student(events: EventQuerySet, context: Context) -> EventQuerySet:
    """Those whose audience the student is in today. One query more, for any number of events."""
    today = context.facts.today
    used = Audience.objects.filter(pk__in=events.order_by().values("audience"))
    mine = [each.pk for each in used if may_use(each.condition_on(today), context.facts, today)]
    return events.filter(Q(audience=None) | Q(audience__in=mine))
