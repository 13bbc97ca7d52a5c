"""A person with a row in every table and a unique word in every field.

Filled from the schedule, so that tables and fields added later are included.
"""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, models
from django.utils import timezone
from psycopg2.extras import DateRange, DateTimeTZRange

from accounts.models import AccessNeeds, FeedFile, FeedRun, Proposal, Role, SignIn, Status, User
from appointments.models import BookingNeeds, OnlineRoom
from documents.models import Document, DocumentVersion, StoredFile
from documents.operations.check import check_due
from documents.operations.upload import upload_document
from eligibility.models import (
    ActivityResult,
    AllocationUse,
    Grant,
    Group,
    GroupMember,
    Hold,
    Strike,
    StrikeReview,
    WaitingEntry,
)
from events.models import (
    CheckIn,
    EventFeedback,
    EventOrganiser,
    EventQuestion,
    Registration,
    RegistrationAnswer,
    RegistrationNeeds,
)
from foundation.values.times import at
from messaging.models import Attempt, Channel, ContactPermission, DeliveryState, OutboxMessage
from queries.models import InboundEmail, Query, QueryMessage, QueryStatus
from retention.models import (
    LegalHold,
    Package,
    Redaction,
    RetentionWarning,
    RightsPart,
    RightsRequest,
    RightsStep,
)
from retention.schedule.data_class import Table
from retention.schedule.of_a_person import OF_A_PERSON
from security.models import CaseEntry, CaseReport, DataBreach, Lead, Outcome, SecurityCase
from tests.cast import Cast
from tests.documents.papers import pdf
from tests.events.factories import an_event
from tests.factories import activity, stored_booking
from tests.retention.nights import leaver
from wellbeing.models import Concern, ConcernStep, Disclosure

MARK = "Xq7canary"
PAST = datetime(2022, 11, 2, 10, 0, tzinfo=at(date(2022, 11, 2), datetime.min.time()).tzinfo)
_numbers = itertools.count(1)


def canary() -> str:
    return f"{MARK}{next(_numbers):04}z"


def canary_person(completed_on: date = date(2023, 6, 10), **fields: Any) -> User:
    word = canary()
    return leaver(
        completed_on,
        given_name=f"Given{word}",
        family_name=f"Family{word}",
        preferred_name=f"Preferred{word}",
        email=f"{word}@example.ac.uk",
        personal_email=f"{word}@example.net",
        university_id=word,
        **fields,
    )


def give_everything(person: User, cast: Cast) -> None:
    """Creates a row in each table of each class, finished and answered, and then puts a canary in every text field."""
    _appointments(person, cast)
    _events(person, cast)
    _standing(person, cast)
    _queries(person, cast)
    _confidential(person, cast)
    _documents(person)
    _messages(person)
    _rights(person, cast)
    _account(person, cast)
    AccessNeeds.objects.create(person=person, text="Step-free.")
    mark_everything(person)


def _appointments(person: User, cast: Cast) -> None:
    booking = stored_booking(person, cast.adviser, cast.type, cast.room, PAST, status="attended")
    booking.notes.create(text="note", next_step="step", by=cast.adviser)
    BookingNeeds.objects.create(booking=booking, text="Captions.")
    apps.get_model("accounts.IdempotencyKey").objects.create(
        user=person, key="key", fingerprint="f", answer_id=booking.public_id
    )
    OnlineRoom.objects.create(adviser=person, link=f"https://meet.example.ac.uk/{canary()}")
    for name in ("diary_templates", "diary_blocks", "time_out"):
        _diary(person, cast, name)


def _diary(person: User, cast: Cast, name: str) -> None:
    """As if they had worked here once."""
    during = DateTimeTZRange(PAST, PAST + timedelta(hours=1))
    fields: dict[str, Any] = {
        "diary_templates": {"weekday": 0, "starts": "09:00", "ends": "10:00"},
        "diary_blocks": {"during": during, "local_date": PAST.date()},
        "time_out": {"during": during, "reason": "r"},
    }[name]
    row = getattr(person, name).create(**fields)
    if name != "time_out":
        row.types.add(cast.type)
        row.locations.add(cast.room)


def _events(person: User, cast: Cast) -> None:
    event = an_event(starts=PAST)
    question = EventQuestion.objects.create(event=event, label="Why?")
    registration = Registration.objects.create(
        event=event, student=person, mode="in_person", seat=1, status="attended", registered_at=PAST,
        registered_by=person, override_reason="r", ended_at=PAST, told_reason="t",
    )  # fmt: skip
    RegistrationAnswer.objects.create(registration=registration, question=question, text="Because")
    RegistrationNeeds.objects.create(registration=registration, text="Captions.")
    EventFeedback.objects.create(registration=registration, score=4, text="Good")
    CheckIn.objects.create(registration=registration, session=event.sessions.get(), at=PAST, how="self")
    WaitingEntry.objects.create(
        student=person, **event.source.fields, lane="in_person", number=1, joined_at=PAST, state="left", ended_at=PAST
    )
    EventOrganiser.objects.create(event=event, person=person)


def _standing(person: User, cast: Cast) -> None:
    hold = Hold.objects.create(
        student=person, during=DateRange(date(2022, 1, 1), date(2022, 2, 1)), reason="r", message="m",
        decided_by=cast.manager, lifted_at=PAST, lifted_by=cast.manager, lifted_because="b",
    )  # fmt: skip
    Strike.objects.create(
        student=person, source_id=canary()[-12:], about="a", on=PAST.date(), excused_at=PAST, excused_by=cast.manager,
        excused_because="b",
    )  # fmt: skip
    StrikeReview.objects.create(
        student=person, rule="appointment", step="hold", strikes=3, opened_at=PAST, closed_at=PAST,
        closed_by=cast.manager, outcome="held", words="w", hold=hold,
    )  # fmt: skip
    Grant.objects.create(
        student=person, policy=cast.policy, starts_on=PAST.date(), expires_on=PAST.date(), reason="r",
        granted_by=cast.manager,
    )  # fmt: skip
    AllocationUse.objects.create(
        student=person, policy=cast.policy, source_id="c", on=PAST.date(), ends_at=PAST, period_key="p", ordinal=1
    )
    ActivityResult.objects.create(student=person, activity=activity(canary().lower()), score=70)
    group, _ = Group.objects.get_or_create(slug="aspire", defaults={"name": "the Aspire programme"})
    GroupMember.objects.create(student=person, group=group)


def _queries(person: User, cast: Cast) -> None:
    over = {"state": QueryStatus.RESOLVED, "opened_at": PAST, "last_at": PAST, "due_on": PAST.date()}
    query = Query.objects.create(
        person=person, category="circumstances", subject="s", about_kind="k", about_id="i", about_words="w",
        strike=person.strikes.get(), resolved_at=PAST, decision="accepted", decided_at=PAST, decided_by=cast.manager,
        decided_because="b", from_address="f@example.net", **over,
    )  # fmt: skip
    merged = Query.objects.create(person=person, subject="m", resolved_at=PAST, merged_into=query, **over)
    unanswered = Query.objects.create(person=person, subject="u", **(over | {"state": QueryStatus.OPEN}))
    for each in (query, merged, unanswered):
        QueryMessage.objects.create(query=each, kind="asked", by=person, text="t", quoted="q", at=PAST)
    QueryMessage.objects.create(query=query, kind="comment", by=cast.manager, text="c", at=PAST)
    InboundEmail.objects.create(
        query=query, message_id="m", digest=canary(), received_at=PAST, handling="opened", raw=b"raw", size=3
    )
    OutboxMessage.objects.create(
        kind="queries.replied", channel=Channel.EMAIL, to_address="x@example.net", regarding=query.public_id,
        dedupe_key=canary(), state=DeliveryState.SENT, sent_at=PAST, created_at=PAST, body_text="t",
    )  # fmt: skip


def _confidential(person: User, cast: Cast) -> None:
    concern = Concern.objects.create(
        student=person, raised_by=cast.adviser, raised_at=PAST, origin_words="o", facts="f", tried="t",
        seriousness="worried", state="closed", closed_at=PAST, next_on=PAST.date(),
    )  # fmt: skip
    ConcernStep.objects.create(concern=concern, kind="note", words="w", by=cast.adviser, at=PAST)
    Disclosure.objects.create(
        concern=concern, to="school", to_whom="w", address="a@example.ac.uk", shared="s", why="y", student_told=False,
        not_told_because="n", decided_by=cast.adviser, decided_at=PAST,
    )  # fmt: skip
    lead = Lead.objects.create(
        person=person, kind="reported", opened_at=PAST, last_seen_at=PAST, happened="h", whose="w", noticed="n",
        state="case", judged_at=timezone.now(), judged_because="b", evidence={"e": "v"},
    )  # fmt: skip
    case = SecurityCase.objects.create(
        person=person, treated_as="graduate", state="closed", summary="s", lead=lead, opened_at=PAST,
        opened_by=cast.manager, termination_proposed_by=cast.manager, termination_proposed_at=PAST,
        termination_reason="r", ending="no_breach", closed_at=PAST, closed_by=cast.manager,
    )  # fmt: skip
    CaseEntry.objects.create(case=case, at=PAST, by=cast.manager, what="note", words=canary())
    CaseReport.objects.create(
        case=case, to="governance", address="a@example.ac.uk", subject="s", text="t", sent_at=PAST,
        sent_by=cast.manager, message="m",
    )  # fmt: skip
    DataBreach.objects.create(
        case=case, known_at=PAST, marked_at=PAST, marked_by=cast.manager, decision="not_needed", decided_at=PAST,
        decided_by=cast.manager, because="b", reference="r",
    )  # fmt: skip
    Outcome.objects.create(
        case=case, kind="disciplinary", on=PAST.date(), told_by="t", recorded_at=PAST, recorded_by=cast.manager
    )


def _documents(person: User) -> None:
    """Two versions whose files contain a canary; one of them is stored on disk."""
    content = pdf(text=canary())
    upload_document(owner=person, content=content, filename="cv.pdf", kind="cv", by=person)
    check_due()
    document = Document.objects.get(owner=person)
    document.shares.create(source_kind="booking", source_id="source_id")
    assert StoredFile.objects.filter(version__document=document).exists()
    DocumentVersion.objects.filter(document=document).update(uploaded_at=PAST)


def _messages(person: User) -> None:
    message = OutboxMessage.objects.create(
        kind="k", channel=Channel.SMS, recipient=person, to_address="+447700900123", dedupe_key=canary(),
        state=DeliveryState.SENT, sent_at=PAST, created_at=PAST, provider="tray", provider_id=canary(),
        attachments=[{"name": "a", "content_type": "text/plain", "text": "t"}],
    )  # fmt: skip
    Attempt.objects.create(message=message, outcome="sent", detail="d", at=PAST)
    ContactPermission.objects.create(person=person, purpose="alumni", channel="email", given=True, said_at=PAST)


def _rights(person: User, cast: Cast) -> None:
    request = RightsRequest.objects.create(
        person=person, kind="access", words="w", received_on=PAST.date(), due_on=PAST.date(), state="closed",
        outcome="done", outcome_words="w", closed_at=PAST, closed_by=cast.manager,
    )  # fmt: skip
    RightsStep.objects.create(request=request, at=PAST, what="note", words="w")
    RightsPart.objects.create(request=request, key="wellbeing", included=False, because="b", decided_at=PAST)
    Redaction.objects.create(request=request, words="w")
    Package.objects.create(request=request, state="gone", asked_at=PAST)
    RetentionWarning.objects.create(person=person, kept_until=date(2026, 7, 31), ended_on=PAST.date(), warned_at=PAST)
    Proposal.objects.create(
        kind="lift", subject="x", person=person, reason="r", asked_by=cast.manager, asked_at=PAST, expires_at=PAST
    )
    LegalHold.objects.create(
        person=person, reason="r", owner=cast.manager, placed_by=cast.manager, placed_at=PAST, placed_on=PAST.date(),
        expires_on=PAST.date(),
    )  # fmt: skip


def _account(person: User, cast: Cast) -> None:
    session = SessionStore()
    session["typed"] = canary()
    session.create()
    SignIn.objects.create(
        person=person, session_key=session.session_key, device="d", network="n", started_at=PAST,
        seen_at=timezone.now(),
    )  # fmt: skip
    person.drafts.create(page=f"/{canary()}/", address=f"/{canary()}/", form="form", sealed=b"x", saved_at=PAST)
    person.api_tokens.create(
        name="t", digest=canary(), scopes=["profile:read"], expires_on=timezone.localdate(), last_used_on=None
    )
    person.emailaddress_set.create(email=f"{canary()}@example.net").emailconfirmation_set.create(key=canary())
    account = person.socialaccount_set.create(provider="p", uid=canary(), extra_data={"name": canary()})
    account.socialtoken_set.create(token="t")
    person.authenticator_set.create(type="totp", data={"secret": canary()})
    run = FeedRun.objects.create(
        source="page", state="applied", file_hash="h", file_size=1, started_at=PAST, applied_at=PAST
    )
    run.changes.create(
        person=person, university_id=person.university_id, kind="changed", fields=["family_name"],
        contents=[["family_name", canary(), canary()]],
    )  # fmt: skip
    FeedFile.objects.create(run=run, kind="sent", ordinal=1, body=canary().encode())
    LogEntry.objects.create(
        user=cast.administrator, content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk),
        object_repr=str(person), action_flag=ADDITION,
    )  # fmt: skip
    assert person.has_role(Role.GRADUATE)
    assert person.enrolments.get().status == Status.COMPLETED


FIXED = frozenset({"public_id", "email", "personal_email", "university_id", "phone", "password", "session_key", "link"})


def mark_everything(person: User) -> None:
    """Puts a canary in every text field of every row of theirs, except choices and keys."""
    for each in OF_A_PERSON:
        for table in each.tables:
            if table.person and table.model not in ("security.CaseEntry", "documents.StoredFile"):
                _mark(table, person)


def _mark(table: Table, person: User) -> None:
    for row in table.of([person.pk]):
        changes: dict[str, Any] = {}
        for field in row._meta.concrete_fields:
            if field.name not in FIXED and not field.unique and not getattr(field, "choices", None):
                changes |= _marked(field, getattr(row, field.attname))
        if changes:
            type(row)._base_manager.filter(pk=row.pk).update(**changes)


def _marked(field: Any, said: Any) -> dict[str, Any]:
    if field.is_relation or isinstance(field, ArrayField):
        return {}
    if isinstance(field, models.TextField) or (isinstance(field, models.CharField) and (field.max_length or 0) >= 20):
        return {field.name: canary()} if said else {}
    if isinstance(field, models.JSONField):
        return {field.name: {"k": canary()} if isinstance(said, dict) else [canary()]}
    if isinstance(field, models.BinaryField):
        return {field.name: canary().encode()}
    return {}


def tables_saying(mark: str = MARK) -> dict[str, int]:
    """Every table, as a dump would have it, with the number of its rows that contain the mark."""
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            # A dump writes bytes as hexadecimal digits.
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s OR t::text ILIKE %s',  # noqa: S608 - a table name
                [f"%{mark}%", f"%{mark.encode().hex()}%"],
            )
            if number := cursor.fetchone()[0]:
                found[table] = number
    return found
