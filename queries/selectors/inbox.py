"""The inbox, a thread, and a person's own queries, as pages show them. The numbers of queries are fixed."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.rules.policy import Policy, policy_in_force
from accounts.selectors.finding import people_with
from documents.models import Document
from eligibility.models import Grant, Strike
from foundation.outcomes.decisions import ALLOWED, Decision
from foundation.values.times import database_now, local_day
from queries.models import Category, InboundEmail, MessageKind, Query, QueryMessage, QueryStatus, ReplyTemplate
from queries.models.query import QueryQuerySet, categories_answered_by
from queries.models.query_message import TOLD
from queries.rules.answering import answers
from queries.selectors.appeals import may_decide_appeal

VIEWS = {
    "": "Open",
    "mine": "Mine",
    "nobodys": "Unassigned",
    "overdue": "Overdue",
    "waiting": "Waiting",
    "resolved": "Resolved",
}


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """Counts of unresolved queries. `emails` counts all emails that need attention."""

    mine: int = 0
    nobodys: int = 0
    overdue: int = 0
    waiting: int = 0
    emails: int = 0


def inbox(user: User, view: str, category: str, words: str) -> QueryQuerySet:
    """Queries that this colleague may answer, most urgent first. `words` searches subjects, messages and senders."""
    today = local_day(database_now())
    found = Query.objects.answered_by(user).select_related("person", "owner")
    match view:
        case "mine":
            found = found.unresolved().filter(owner=user)
        case "nobodys":
            found = found.unresolved().filter(owner__isnull=True)
        case "overdue":
            found = found.overdue(today)
        case "waiting":
            found = found.filter(state=QueryStatus.WAITING)
        case "resolved":
            found = found.filter(state=QueryStatus.RESOLVED)
        case _:
            found = found if words else found.filter(state=QueryStatus.OPEN)
    if category in Category.values:
        found = found.filter(category=category)
    if words:
        found = found.filter(_matching(words))
    return (
        found.order_by("-last_at", "-pk")
        if view == "resolved" or words
        else found.order_by("due_on", "opened_at", "pk")
    )


def _matching(words: str) -> Q:
    """Every word must occur in the subject, in a message, or in the sender's name, id or address."""
    wanted = Q()
    for word in words.split()[:6]:
        said = QueryMessage.objects.filter(query=OuterRef("pk"), text__icontains=word)
        sender = Q(person__in=people_with(word).values("pk")) | Q(from_address__icontains=word)
        wanted &= Q(subject__icontains=word) | Q(Exists(said)) | sender
    return wanted


def inbox_counts(user: User) -> InboxCounts:
    """One query. The emails are counted in it too, by adding their number to a count that is always zero."""
    today = local_day(database_now())
    emails = InboundEmail.objects.needing_attention().order_by().values(all=Value(1)).annotate(number=Count("pk"))
    none = Count("pk", filter=Q(pk__isnull=True))
    found = (
        Query.objects.answered_by(user)
        .unresolved()
        .aggregate(
            mine=Count("pk", filter=Q(owner=user)),
            nobodys=Count("pk", filter=Q(owner__isnull=True)),
            overdue=Count("pk", filter=Q(state=QueryStatus.OPEN, due_on__lt=today)),
            waiting=Count("pk", filter=Q(state=QueryStatus.WAITING)),
            emails=none + Coalesce(Subquery(emails.values("number")), 0),
        )
    )
    return InboxCounts(**found)


@dataclass(slots=True)
class Thread:
    """`may_decide`: circumstances that this colleague may decide and nobody has decided yet.

    `may_settle`: whether this colleague may reply, resolve and recategorise, which somebody else must do with an appeal
    against this colleague's decision.
    """

    query: Query
    messages: list[QueryMessage]
    documents: list[Document]
    policy: Policy
    today: date
    kept_until: date | None
    may_decide: bool = False
    may_settle: Decision = ALLOWED
    others: list[Query] = field(default_factory=list)
    merged: list[Query] = field(default_factory=list)
    """Queries merged into this one, the latest first, each of which can be taken out again."""
    strikes: list[Strike] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    colleagues: list[User] = field(default_factory=list)
    templates: list[ReplyTemplate] = field(default_factory=list)

    @property
    def has_new_reply(self) -> bool:
        seen = self.query.seen_at or self.query.opened_at
        return any(message.kind == MessageKind.REPLY and message.told_at > seen for message in self.messages)

    @property
    def is_overdue(self) -> bool:
        return self.query.state == QueryStatus.OPEN and self.query.due_on < self.today


def thread_of(query: Query, reader: User) -> Thread:
    """Five queries. The thread as its person sees it."""
    policy, query = policy_in_force(), query.as_told(reader)
    found = QueryMessage.objects.visible_to(reader).filter(query=query).select_related("by", "email")
    messages = list(found.defer("email__raw"))
    query.last_message_key = max((each.pk for each in messages), default=None)
    return Thread(
        query=query,
        messages=messages,
        documents=list(Document.objects.visible_to(reader).filter(shares__source_id=query.public_id).distinct()),
        policy=policy,
        today=local_day(database_now()),
        kept_until=query.kept_until(policy.email_retention_months),
    )


def thread_for_staff(query: Query, reader: User) -> Thread:
    """Ten queries, one more for an appeal. Adds the colleagues who may answer, the person's other queries, and their
    missed and granted appointments."""
    thread = thread_of(query, reader)
    circumstances = query.category == Category.CIRCUMSTANCES
    thread.may_decide = circumstances and reader.may_read_notes and not query.decision and query.strike_id is not None
    thread.may_settle = may_decide_appeal(reader, query)
    thread.templates = list(ReplyTemplate.objects.filter(category__in=["", query.category]))
    thread.colleagues = [each for each in _colleagues() if answers(each, query)]
    seen = Query.objects.answered_by(reader).filter(person=query.person, person__isnull=False).exclude(pk=query.pk)
    merged = Q(merged_into=query, before_merge__isnull=False, category__in=categories_answered_by(reader))
    latest = seen.order_by("-last_at", "-pk").values("pk")[:10]
    rows = Query.objects.filter(Q(pk__in=latest) | merged).select_related("person").order_by("-last_at", "-pk")
    for each in rows:
        (thread.merged if each.merged_into_id else thread.others).append(each)
    if query.person is not None and circumstances:
        thread.strikes = list(Strike.objects.visible_to(reader).filter(student=query.person))
        thread.grants = list(Grant.objects.with_use().filter(student=query.person).select_related("policy"))
    return thread


def _colleagues() -> list[User]:
    staff = ["adviser", "front_desk", "careers_manager", "information_governance"]
    found = User.objects.filter(is_active=True, roles__overlap=staff).order_by("family_name", "given_name")
    return list(found)


def own_queries(person: User) -> QueryQuerySet:
    """Each with `has_new_reply`: we replied after the person last opened the query or wrote in it."""
    return _own(person).annotate(has_new_reply=_has_new_reply())


def new_replies(person: User | RawSQL) -> QueryQuerySet:
    """The person's own queries with a new reply, the latest first; at most 20."""
    return _own(person).filter(_has_new_reply())[:20]


def _own(person: User | RawSQL) -> QueryQuerySet:
    return Query.objects.filter(person=person, merged_into__isnull=True).order_by("-last_at", "-pk")


def _has_new_reply() -> Exists:
    since = Coalesce(OuterRef("seen_at"), OuterRef("opened_at"))
    replies = QueryMessage.objects.filter(TOLD, query=OuterRef("pk"), kind=MessageKind.REPLY)
    return Exists(replies.alias(told=Coalesce("held_until", "at")).filter(told__gt=since))
