"""One object of every kind that a URL can refer to, each with a text that nobody else may read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from psycopg2.extras import DateRange

from accounts.models import AccessNeeds, ApiToken, AuditEntry, Enrolment, PolicySetting, Role, SignIn, User
from accounts.operations.api_tokens import issue_api_token
from accounts.operations.keep_access import confirm_url
from accounts.policy.registry import SETTINGS
from appointments.models import Booking, BookingNote, BookingStatus, DiaryTemplate
from appointments.operations.attach import attach_documents
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.operations.time_out import take_time_out
from demo.seeding.named_people import NAMED_PEOPLE
from documents.models import Document
from documents.operations.check import check_due
from documents.operations.share import share_with_adviser
from documents.operations.upload import upload_document
from eligibility.models import ActivityResult, Grant, Group, GroupMember, Hold, PeriodKind, Strike, StrikeReview
from eligibility.operations.schedule_rule import schedule_rule
from events.models import EventType
from foundation.values.times import at, database_now
from messaging.models import OutboxMessage, Part
from messaging.operations.record_heartbeat import record_heartbeat
from queries.models import Category, Query, ReplyTemplate
from queries.operations.open_query import NewQuery, open_query
from queries.operations.write_message import comment_on_query
from queries.rules.about import NOTHING, About
from security.models import CaseReport, LeadKind
from security.operations.judge_lead import dismiss_lead
from security.operations.open_case import open_case
from security.operations.open_lead import open_lead
from security.operations.report_concern import report_concern
from tests.access.bodies import Ids, bodies
from tests.access.emails import emails
from tests.access.events_scene import set_events
from tests.access.invited import invited
from tests.access.passkey import credential
from tests.access.retained import retained_bodies, set_retained
from tests.accounts.feed_files import check, file_of, person
from tests.appointments.api_cast import five_fields
from tests.cast import Cast, assemble, online_later
from tests.documents.papers import pdf
from tests.factories import (
    EnrolmentFactory,
    ProgrammeFactory,
    SchoolFactory,
    StudentFactory,
    UserFactory,
    activity,
    period,
    stored_booking,
)
from wellbeing.models import Disclosure
from wellbeing.operations.follow_concern import disclose
from wellbeing.operations.raise_concern import Seen, raise_concern

ABSENT, ABSENT_NUMBER = "zzzzzzzzzzzz", 987_654_321
SECRETS = {
    "note": "SECRET-OF-A-NOTE",
    "private_document": "SECRET-private-document",
    "shared_document": "SECRET-shared-document",
    "attached_document": "SECRET-attached-document",
    "help_wanted": "SECRET-WISH",
    "access_needs": "SECRET-NEEDS",
    "booking_needs": "SECRET-FOR-THE-BOOKING",
    "event_needs": "SECRET-FOR-THE-EVENT",
    "event_answer": "SECRET-HOPE",
    "override_reason": "SECRET-OVERRIDE",
    "diary_reason": "SECRET-TIME-OUT",
    "person": "Okafor-Vane",
    "hold_reason": "SECRET-OF-A-HOLD",
    "excuse": "SECRET-EXCUSE",
    "wellbeing": "SECRET-WORRY",
    "disclosure": "SECRET-DISCLOSED",
    "query": "SECRET-QUESTION",
    "query_comment": "SECRET-COMMENT",
    "inbound_email": "SECRET-EMAIL",
    "appeal_email": "SECRET-BY-EMAIL",
    "circumstances": "SECRET-CIRCUMSTANCES",
    "appeal": "SECRET-APPEAL",
    "concern": "SECRET-CONCERN",
    "lead_reason": "SECRET-JUDGEMENT",
    "case": "SECRET-OF-THE-CASE",
    "report": "SECRET-REPORT",
    "rights": "SECRET-REQUEST",
    "legal_hold": "SECRET-OF-A-CLAIM",
    "token": "SECRET-TOKEN-NAME",
    "device": "SECRET-DEVICE",
}


@dataclass
class Scene:
    cast: Cast
    people: dict[str, User] = field(default_factory=dict)
    about: dict[str, Ids] = field(default_factory=dict)
    """URL arguments by object. The first argument is the one also tried with an id that does not exist."""

    asks: dict[str, Ids] = field(default_factory=dict)
    """Query strings by URL."""

    bodies: dict[str, Ids] = field(default_factory=dict)
    """Request bodies by `route` or `route:what the line says it sends`."""

    def ids(self, about: str) -> tuple[str, str]:
        """The id as it appears in the URL, and one that does not exist."""
        real = str(next(iter(self.about[about].values())))
        return f"/{real}/", f"/{ABSENT_NUMBER if real.isdigit() else ABSENT}/"

    def body(self, route: str, sends: str) -> Ids:
        body = self.bodies.get(f"{route}:{sends}" if sends else route, {})
        return {name: value() if callable(value) else value for name, value in body.items()}


def set_scene() -> Scene:
    scene = Scene(assemble())
    for part in Part:
        record_heartbeat(part)
    scene.about |= set_events(scene.cast, SECRETS["event_needs"], SECRETS["event_answer"])
    for each in (
        _people, _appointments, _absences, _queries, _wellbeing, _documents, _account, _security,
        _configuration, _administration, _retained,
    ):  # fmt: skip
        each(scene)
    scene.bodies |= bodies(scene.cast, scene.about) | retained_bodies(scene.cast)
    return scene


def _people(scene: Scene) -> None:
    cast = scene.cast
    cast.student.family_name = SECRETS["person"]
    cast.student.save()
    StudentFactory(email=NAMED_PEOPLE[0].email)
    scene.people = {
        "student": cast.student,
        "other_student": cast.other_student,
        "graduate": StudentFactory(given_name="Grace", roles=[Role.GRADUATE]),
        "adviser": cast.adviser,
        "other_adviser": cast.other_adviser,
        "front_desk": cast.front_desk,
        "careers_manager": cast.manager,
        **{role: UserFactory(roles=[role]) for role in ("wellbeing_lead", "alumni_relations")},
        "information_governance": UserFactory(roles=[Role.INFORMATION_GOVERNANCE]),
        "editor": cast.outsider,
        "administrator": cast.administrator,
    }
    scene.about |= {"person": {"public_id": cast.student.public_id}, **invited(cast.administrator)}
    scene.asks |= {
        "search": {"q": cast.student.university_id},
        "person": {"person": cast.student.public_id},
        "student": {"student": cast.student.public_id},
    }


def _appointments(scene: Scene) -> None:
    cast, now = scene.cast, database_now()
    details = Details(help_wanted=SECRETS["help_wanted"], access_needs=SECRETS["booking_needs"])
    AccessNeeds.objects.create(person=cast.student, text=SECRETS["access_needs"])
    booking = book_appointment(student=cast.student, choice=cast.choice(9), details=details, by=cast.student)
    past = stored_booking(cast.student, cast.adviser, cast.type, cast.room, now - timedelta(hours=1))
    missed = stored_booking(
        cast.student, cast.adviser, cast.type, cast.room, now - timedelta(hours=3), status=BookingStatus.MISSED,
        ended_at=now - timedelta(hours=2), ended_by=cast.adviser,
    )  # fmt: skip
    for each in (booking, past, missed):
        BookingNote.objects.create(booking=each, text=SECRETS["note"], next_step=SECRETS["note"], by=cast.adviser)
    said = {name: SECRETS[name] for name in ("help_wanted", "override_reason")}
    Booking.objects.filter(student=cast.student).update(**said)
    template = DiaryTemplate.objects.create(adviser=cast.adviser, weekday=0, starts=time(9), ends=time(12))
    template.types.add(cast.type)
    template.locations.add(cast.room)
    day = cast.day + timedelta(days=30)
    away, _ = take_time_out(
        adviser=cast.adviser, starts_at=at(day, time(9)), ends_at=at(day, time(10)), reason=SECRETS["diary_reason"],
        by=cast.adviser,
    )  # fmt: skip
    scene.about |= {
        "booking": {"public_id": booking.public_id},
        "online_booking": {"public_id": online_later(cast).public_id},
        "past_booking": {"public_id": past.public_id},
        "missed_booking": {"public_id": missed.public_id},
        "type": {"slug": cast.type.slug},
        "type_named": {"named": cast.type.slug},
        "person_and_type": {"public_id": cast.student.public_id, "slug": cast.type.slug},
        "template": {"public_id": template.public_id},
        "block": {"public_id": cast.adviser.diary_blocks.get().public_id},
        "time_out": {"public_id": away.public_id},
    }
    scene.asks |= {
        "diary": {"adviser": cast.adviser.public_id, "week": str(day)},
        "time": {name: said for name, said in five_fields(cast.choice(11)).items() if name != "type"},
        "type": {"type": cast.type.slug},
        "type_and_student": {"type": cast.type.slug, "student": cast.student.public_id},
    }


def _absences(scene: Scene) -> None:
    """Creates strikes and a hold. The hold is far ahead, so that it blocks nothing."""
    cast, now = scene.cast, database_now()
    mine = {"student": cast.student, "on": timezone.localdate()}
    strike = Strike.objects.create(source_id=scene.about["missed_booking"]["public_id"], about=cast.type.name, **mine)
    Strike.objects.create(
        source_id="excusedclaim", excused_at=now, excused_by=cast.manager, excused_because=SECRETS["excuse"], **mine
    )
    later = DateRange(date(2030, 1, 1), date(2030, 2, 1))
    hold = Hold.objects.create(
        student=cast.student, during=later, reason=SECRETS["hold_reason"], message="Let us talk.", covers=["events"],
        decided_by=cast.manager,
    )  # fmt: skip
    third = {"rule": "appointment", "step": "hold", "strikes": 3}
    review = StrikeReview.objects.create(student=cast.student, opened_at=now, **third)
    scene.about |= {
        "strike": {"public_id": strike.public_id},
        "hold": {"public_id": hold.public_id},
        "review": {"public_id": review.public_id},
    }
    scene.asks |= {"holds_shown": {"show": "holds"}, "closed_shown": {"show": "closed"}}


def _queries(scene: Scene) -> None:
    """Creates queries of the same student: a general one with a comment, and one of each restricted category."""
    cast = scene.cast
    strike = Strike.objects.get(public_id=scene.about["strike"]["public_id"])
    abouts = {"circumstances": About(words="It", strike=strike), "appeal": About("page", "", "The page Book")}
    for name in ("query", "circumstances", "appeal", "data_rights"):
        category = {"query": Category.GENERAL}.get(name, name)
        text = SECRETS.get(name, "What do you hold?")
        asked = NewQuery(category, f"About {name}", text, abouts.get(name, NOTHING))
        made = open_query(person=cast.student, asked=asked, by=cast.student)
        scene.about[name] = {"public_id": made.public_id}
    other = open_query(person=cast.student, asked=NewQuery(Category.GENERAL, "Another", "Another"), by=cast.student)
    query = Query.objects.get(public_id=scene.about["query"]["public_id"])
    comment = comment_on_query(query=query, text=SECRETS["query_comment"], by=cast.manager)
    scene.asks["emails_ignored"] = {"view": "ignored"}
    template = ReplyTemplate.objects.create(name="Thanks", text="Dear {first_name}")
    scene.about |= {
        "query_comment": {"public_id": comment.public_id},
        "other_query": {"public_id": other.public_id},
        **emails(SECRETS, scene.about),
        "reply_template": {"public_id": template.public_id},
    }
    scene.asks["all_found"] = {"q": "SECRET", "view": ""}


def _wellbeing(scene: Scene) -> None:
    """Creates a concern. Only wellbeing leads may know that it exists."""
    student, lead = scene.cast.student, scene.people["wellbeing_lead"]
    concern = raise_concern(student=student, seen=Seen(SECRETS["wellbeing"], "serious"), by=scene.cast.adviser)
    told = Disclosure(
        concern=concern, to="school", to_whom="The Dean", address="dean@example.ac.uk", shared=SECRETS["disclosure"],
        why="Danger", student_told=True,
    )  # fmt: skip
    disclose(disclosure=told, by=lead)
    scene.about["wellbeing"] = {"public_id": concern.public_id}


def _documents(scene: Scene) -> None:
    cast = scene.cast
    made: dict[str, Document] = {}
    for name in ("private_document", "shared_document", "attached_document"):
        filename = f"{SECRETS[name]}.pdf"
        made[name] = upload_document(owner=cast.student, content=pdf(), filename=filename, kind="cv", by=cast.student)
    check_due()
    share = share_with_adviser(document=made["shared_document"], adviser=cast.adviser, by=cast.student)
    booking = Booking.objects.get(public_id=scene.about["booking"]["public_id"])
    attach_documents(booking=booking, documents=[made["attached_document"]], by=cast.student)
    for name, document in made.items():
        scene.about[name] = {"public_id": document.public_id}
        scene.about[name.replace("document", "version")] = {"public_id": document.public_id, "number": 1}
    scene.about["share"] = {"public_id": made["shared_document"].public_id, "share": share.public_id}
    scene.about["attachment"] = {"public_id": booking.public_id, "document": made["attached_document"].public_id}


def _account(scene: Scene) -> None:
    student, now = scene.cast.student, timezone.now()
    issue_api_token(user=student, name=SECRETS["token"], by=student)
    device = SignIn.objects.create(
        person=student, session_key="x" * 32, device=SECRETS["device"], started_at=now, seen_at=now, ended_at=now,
        ending="signed_out",
    )  # fmt: skip
    passkey = Authenticator.objects.create(
        user=student,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "My key", "passwordless": True, "credential": credential()},
    )
    TOTP.activate(student, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(student)
    scene.about |= {
        "token": {"public_id": ApiToken.objects.get(user=student).public_id},
        "device": {"public_id": device.public_id},
        "passkey": {"pk": passkey.pk},
        "personal_email": {"token": confirm_url(student, "amara@example.net").rstrip("/").rpartition("/")[2]},
        "reset": {"uidb36": "1", "key": "set-password"},
        "no_service": {"id": "university"},
        "no_provider": {"provider_id": "university"},
        "api_problem": {"code": "invalid"},
        "sitemap_section": {"section": "events"},
    }


def _security(scene: Scene) -> None:
    officer = scene.people["information_governance"]
    school = SchoolFactory(name="School of Law", contact_email="law-school@example.ac.uk")
    suspected = StudentFactory(given_name="Sol", family_name="Reed", course=False)
    EnrolmentFactory(student=suspected, programme=ProgrammeFactory(name="LLB Law", school=school))
    lead = report_concern(happened=SECRETS["concern"], whose="Sol Reed", by=scene.cast.front_desk)
    judged = open_lead(person=StudentFactory(), kind=LeadKind.MANY_DEVICES, evidence={"devices": 9})
    dismiss_lead(lead=judged, reason=SECRETS["lead_reason"], by=officer)
    case = open_case(person=suspected, summary=SECRETS["case"], by=officer)
    CaseReport.objects.update(subject=SECRETS["report"])
    report = CaseReport.objects.first()
    assert report is not None
    scene.about |= {
        "lead": {"public_id": lead.public_id},
        "case": {"public_id": case.public_id},
        "report": {"public_id": case.public_id, "report_id": report.public_id},
    }
    scene.asks |= {
        "closed": {"show": "closed"},
        "judged": {"show": "judged"},
        "whom": {"who": scene.cast.student.university_id, "person": scene.cast.student.public_id},
    }


def _configuration(scene: Scene) -> None:
    cast = scene.cast
    run = check(file_of(person(1), person(2, email="no address")))
    audience, tomorrow = cast.type.audience, timezone.localdate() + timedelta(days=1)
    rule = schedule_rule(audience=audience, rule={"everybody": True}, effective_from=tomorrow, by=cast.administrator)
    message = OutboxMessage.objects.filter(recipient=cast.student).first()
    assert message is not None
    attachments = [{"name": "a.txt", "text": "a", "content_type": "text/plain"}]
    OutboxMessage.objects.filter(pk=message.pk).update(attachments=attachments)
    user_table = ContentType.objects.get_for_model(User).pk
    scene.about |= {
        "feed_run": {"public_id": run.public_id},
        "audience": {"slug": audience.slug},
        "rule": {"slug": audience.slug, "pk": rule.pk},
        "message": {"public_id": message.public_id},
        "message_attachment": {"public_id": message.public_id, "number": 0},
        "content": {"content_type_id": user_table, "object_id": cast.student.pk},
        "app": {"app_label": "accounts"},
    }
    scene.asks["autocomplete"] = {
        "app_label": "eligibility", "model_name": "grant", "field_name": "student", "term": cast.student.university_id,
    }  # fmt: skip


def _retained(scene: Scene) -> None:
    about, asks = set_retained(scene.cast, scene.people, SECRETS["rights"], SECRETS["legal_hold"])
    scene.about |= about
    scene.asks |= asks


def _administration(scene: Scene) -> None:
    cast, done, today = scene.cast, activity(), timezone.localdate()
    setting = PolicySetting(
        key=next(iter(SETTINGS)), value=1, effective_from=date(2030, 1, 1), set_by=cast.administrator
    )
    grant = Grant(
        student=cast.student, policy=cast.policy, extra=1, reason="x", granted_by=cast.administrator,
        starts_on=today, expires_on=today + timedelta(days=9),
    )  # fmt: skip
    result = ActivityResult(student=cast.student, activity=done, completed_on=today)
    member = GroupMember(group=Group.objects.create(slug="athletes", name="athletes"), student=cast.student)
    for made in (setting, grant, result, member):
        made.save()
    rows: dict[str, Any] = {
        "accounts_user": cast.student,
        "accounts_school": SchoolFactory(),
        "accounts_programme": Enrolment.objects.get(student=cast.student).programme,
        "accounts_policysetting": setting,
        "accounts_auditentry": AuditEntry.objects.open().order_by("pk").first(),
        "appointments_appointmenttype": cast.type,
        "places_location": cast.room,
        "events_eventtype": EventType.objects.get(),
        "eligibility_academicperiod": period(PeriodKind.TERM, date(2026, 9, 1), date(2026, 12, 20)),
        "eligibility_activity": done,
        "eligibility_activityresult": result,
        "eligibility_audience": cast.type.audience,
        "eligibility_allocationpolicy": cast.policy,
        "eligibility_group": member.group,
        "eligibility_groupmember": member,
        "eligibility_grant": grant,
        "messaging_outboxmessage": OutboxMessage.objects.filter(kind__startswith="appointments").first(),
    }
    scene.about |= {f"row_of_{table}": {"object_id": row.pk} for table, row in rows.items()}
