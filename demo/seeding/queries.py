"""Two years of queries, most answered within a day; and circumstances, of which seven in ten were accepted."""

from datetime import datetime, time, timedelta
from random import Random

from accounts.models import Role, User
from demo.seeding.institution import Institution, public_id
from demo.seeding.named_people import MANAGER
from demo.seeding.tables import table
from eligibility.models import Strike
from eligibility.selectors.calendar import academic_calendar
from foundation.values.times import at
from queries.models import Category, MessageKind, Query, QueryMessage, QueryStatus, ReplyTemplate

QUERIES, CIRCUMSTANCES, ACCEPTED = 1500, 40, 0.7
PHRASES = table("phrases")


def seed_queries(institution: Institution) -> None:
    """Does nothing if there are queries already."""
    if Query.objects.exists():
        return
    random = institution.random("queries")
    calendar = academic_calendar("07-31")
    people = list(User.objects.students().filter(is_active=True).order_by("pk")[:1200])
    staff = list(User.objects.filter(roles__overlap=[Role.ADVISER, Role.FRONT_DESK]).order_by("pk"))
    rows, messages = [], []
    for number in range(institution.some(QUERIES)):
        asked = random.choice(PHRASES["queries"])
        is_open = number < 12
        day = institution.today - timedelta(days=random.randint(0, 3) if is_open else random.randint(4, 700))
        opened = min(at(day, time(random.randint(8, 17), random.randint(0, 59))), institution.now)
        hours = random.choice((2, 5, 20, 24, 26, 30, 70))
        query = Query(
            public_id=public_id(random), person=random.choice(people), subject=asked["subject"], opened_at=opened,
            last_at=opened, due_on=calendar.working_days_after(day, 3),
            owner=None if is_open and number % 2 else random.choice(staff),
        )  # fmt: skip
        messages.append(_message(random, query, MessageKind.ASKED, asked["question"], opened))
        if not is_open:
            _answer(random, query, messages, asked["answer"], opened + timedelta(hours=hours), query.owner)
        rows.append(query)
    rows += _circumstances(institution, messages)
    Query.objects.bulk_create(rows, batch_size=1000)
    QueryMessage.objects.bulk_create(messages, batch_size=2000)
    ReplyTemplate.objects.bulk_create([ReplyTemplate(**fields) for fields in PHRASES["reply_templates"]])


def _circumstances(institution: Institution, messages: list[QueryMessage]) -> list[Query]:
    """Queries about the oldest absences, so that excusing them changes nobody's current count of strikes."""
    random, manager = institution.random("circumstances"), User.objects.get(email=MANAGER.email)
    calendar = academic_calendar("07-31")
    strikes = list(Strike.objects.filter(excused_at__isnull=True).order_by("on", "pk").select_related("student"))
    found, excused = [], []
    for strike in strikes[: institution.some(CIRCUMSTANCES)]:
        opened = at(strike.on + timedelta(days=1), time(10, random.randint(0, 59)))
        query = Query(
            public_id=public_id(random), person=strike.student, category=Category.CIRCUMSTANCES, strike=strike,
            subject="Why I could not come", about_kind="booking", about_id=strike.source_id,
            about_words=f"{strike.what[:1].upper()}{strike.what[1:]}", opened_at=opened, last_at=opened,
            due_on=calendar.working_days_after(strike.on, 4), owner=manager,
        )  # fmt: skip
        messages.append(_message(random, query, MessageKind.ASKED, random.choice(PHRASES["circumstances"]), opened))
        accepted, decided = random.random() < ACCEPTED, min(opened + timedelta(hours=20), institution.now)
        words = "We are sorry to hear it." if accepted else "We could have been told before the start."
        query.decision, query.decided_at, query.decided_by = "accepted" if accepted else "declined", decided, manager
        query.decided_because = words
        _answer(random, query, messages, words, decided, manager)
        if accepted:
            strike.excused_at, strike.excused_by, strike.excused_because = decided, manager, words
            excused.append(strike)
        found.append(query)
    Strike.objects.bulk_update(excused, ["excused_at", "excused_by", "excused_because"])
    return found


def _answer(
    random: Random, query: Query, messages: list[QueryMessage], text: str, when: datetime, by: User | None
) -> None:
    query.answered_at = query.last_at = query.resolved_at = when
    query.state = QueryStatus.RESOLVED
    messages.append(_message(random, query, MessageKind.REPLY, text, when, by))


def _message(
    random: Random, query: Query, kind: str, text: str, when: datetime, by: User | None = None
) -> QueryMessage:
    author = query.person if kind == MessageKind.ASKED else by
    return QueryMessage(public_id=public_id(random), query=query, kind=kind, text=text, at=when, by=author)
