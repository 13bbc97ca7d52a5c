"""Events for everybody, signed in or not."""

import calendar
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.generic import View

from accounts.models import User
from eligibility.selectors.student_facts import student_context
from events.forms.student import EventFilterForm
from events.models import Event, EventPicture, EventSeries
from events.models.event import EventQuerySet
from events.notices.calendar_file import event_calendar
from events.selectors.search import for_student, search_events
from events.selectors.structured_data import structured_data
from events.selectors.student_events import ShownEvent, by_day, shown_events
from foundation.values.times import database_now, week_start

PER_PAGE = 10
FEED_EVENTS = 200
WEEK = timedelta(days=7)


def reader(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def ics(text: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer


class EventList(View):
    """What is coming, by day. Everything that the filter does not know asks for nothing."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now, user = database_now(), reader(request)
        form = EventFilterForm(request.GET, is_student=bool(user and user.is_student))
        search = form.search()
        found = search_events(Event.objects.visible_to(None).with_places(), search, now)
        if user and form.is_mine:
            found = for_student(found, student_context(user.pk))
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        days = by_day(shown_events(page.object_list, user, now))
        context = {"form": form, "page": page, "days": days, "tabs": tabs_of(is_past=search.is_past)}
        return render(request, "events/event_list.html", context)


def tabs_of(*, is_past: bool) -> list[dict[str, Any]]:
    here = reverse("event_list")
    return [
        {"label": "Coming up", "url": here, "current": not is_past},
        {"label": "By month", "url": reverse("event_month"), "current": False},
        {"label": "Past", "url": f"{here}?show=past", "current": is_past},
    ]


class EventMonth(View):
    """A calendar of one month; a list on phones."""

    def get(self, request: HttpRequest) -> HttpResponse:
        first = _month_in(request.GET.get("month", ""), database_now())
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        found = Event.objects.visible_to(None).with_places().filter(local_date__range=(first, last)).order_by("during")
        shown = dict(by_day(shown_events(list(found), reader(request), database_now())))
        context = {
            "first": first,
            "weeks": _weeks(first, last, shown),
            "days": sorted(shown.items()),
            "before": _month_url(first - timedelta(days=1)),
            "after": _month_url(last + timedelta(days=1)),
        }
        return render(request, "events/event_month.html", context)


def _month_in(text: str, now: datetime) -> date:
    """The first day of the month; this month if the text is none."""
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return now.date().replace(day=1)


def _month_url(day: date) -> str:
    return f"{reverse('event_month')}?month={day:%Y-%m}"


def _weeks(first: date, last: date, shown: dict[date, list[ShownEvent]]) -> list[list[dict[str, Any]]]:
    monday, weeks = week_start(first), []
    while monday <= last:
        days = [monday + timedelta(days=number) for number in range(7)]
        weeks.append([{"day": day, "inside": first <= day <= last, "shown": shown.get(day, [])} for day in days])
        monday += WEEK
    return weeks


class PublicEvent(View):
    """A page about one event; 404 for a draft, unless careers staff look at it."""

    event: Event

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method in ("GET", "HEAD"):
            rows: EventQuerySet = Event.objects.visible_to(reader(request)).with_details()
            found = rows.prefetch_related("employers", "questions")
            self.event = get_object_or_404(found, public_id=kwargs["public_id"])
        return super().dispatch(request, *args, **kwargs)


class EventDetail(PublicEvent):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        [shown] = shown_events([self.event], reader(request), database_now())
        context = {"shown": shown, "event": self.event, "structured": structured_data(shown)}
        context["address"] = settings.SITE_URL + request.path
        context["picture"] = EventPicture.objects.filter(event=self.event).defer("image").first()
        return render(request, "events/event_detail.html", context)


class EventCalendar(PublicEvent):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return ics(event_calendar([self.event]), f"event-{public_id}")


class EventImage(PublicEvent):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        picture = get_object_or_404(EventPicture, event=self.event)
        answer = HttpResponse(bytes(picture.image), content_type="image/webp")
        answer["Cache-Control"] = "public, max-age=3600"
        return answer


class EventFeed(View):
    """All public events, to subscribe to."""

    def get(self, request: HttpRequest) -> HttpResponse:
        since = database_now() - timedelta(days=30)
        found = Event.objects.public().with_details().filter(during__endswith__gt=since)[:FEED_EVENTS]
        return ics(event_calendar(list(found), f"{settings.BRAND['name']}: events"), "events")


class SeriesDetail(View):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        series = get_object_or_404(EventSeries, public_id=public_id)
        rows = Event.objects.visible_to(reader(request)).with_details().prefetch_related("questions")
        events = list(rows.filter(series=series).order_by("during"))
        if not events:
            raise Http404
        shown = shown_events(events, reader(request), database_now())
        can_choose = any(each.registers_at_once for each in shown)
        context = {"series": series, "days": by_day(shown), "can_choose": can_choose}
        return render(request, "events/series_detail.html", context)
