"""Personal data whose period starts with the end of the person's last course (DATA-4), in order of deletion.

Referencing rows come first. `shown` is what “What we hold about you” says about a class (DATA-3).
"""

from typing import Any

from accounts.operations import forget as accounts
from appointments.operations import forget as appointments
from documents.operations import forget as documents
from eligibility.operations import forget as eligibility
from messaging.operations import forget as messaging
from queries.operations import forget as queries
from retention.schedule import forgetting
from retention.schedule.counts import answers, contacts
from retention.schedule.data_class import EVERYBODY, WRITERS, Clock, DataClass, Reader, Shown, Table
from retention.schedule.events import EVENTS
from retention.schedule.reasons import FAIR, LAW, SAFE, SERVICE
from security.operations.forget import forget_cases
from wellbeing.operations.forget import forget_concerns

STANDING = ("AllocationUse", "Grant", "Strike", "StrikeReview", "Hold")
LINKS = ("DiaryTemplate_types", "DiaryTemplate_locations", "DiaryBlock_types", "DiaryBlock_locations")

STAFF = "Careers staff"
LEAVERS_TOO = f"{STAFF}; alumni relations, once you have left"
RECORDS = "Ask your School to correct the University’s record"
WRITE = "Write to {service_email}"
PROFILE = {"seen_at": "profile_edit", "seen_words": "Your profile"}


def _of_a_person(key: str, name: str, what: str, why: str, tables: tuple[Table, ...], **more: Any) -> DataClass:
    """A class with the period of DATA-4: it starts when the person's last course ends."""
    return DataClass(key, name, what, why, Clock.COURSE, "retention_years", tables, **more)


OF_A_PERSON: tuple[DataClass, ...] = (
    _of_a_person(
        "queries",
        "Queries",
        "Your queries, our replies and colleagues’ comments on them.",
        SERVICE,
        (
            Table("queries.Query", "person"),
            Table("queries.QueryMessage", "query__person"),
            Table("queries.InboundEmail", "query__person", secret=("raw", "digest", "content")),
        ),
        forget=queries.forget_queries_of,
        needs=("people", "standing"),
        shown=(
            Shown(
                place=8,
                who=f"{STAFF}; reasons for something missed: advisers and managers; appeals: managers",
                correct=WRITE,
                noun="query",
                counts=("queries.Query",),
                seen_at="query_list",
                seen_words="My queries",
                sooner="resolved_queries",
            ),
        ),
        people=WRITERS,
    ),
    _of_a_person(
        "notes",
        "Notes of appointments",
        "Your adviser’s notes and the next step you agreed.",
        SERVICE,
        (Table("appointments.BookingNote", "booking__student"),),
        forget=appointments.forget_notes,
        needs=("people", "appointments"),
        reader=Reader.GOVERNANCE,
        shown=(
            Shown(
                place=6,
                who="Advisers and careers managers; never the front desk, never alumni relations",
                correct="Ask to read them, or to have them put right: {service_email}",
                noun="note",
                counts=("appointments.BookingNote",),
                seen_at="reading_list",
                seen_words="Who looked at them",
            ),
        ),
    ),
    _of_a_person(
        "appointments",
        "Appointments",
        "When, where and with whom, the link or number, what you told us for them, and whether you came.",
        SERVICE,
        (
            Table("appointments.Booking", "student"),
            Table("appointments.BookingNeeds", "booking__student"),
        ),
        forget=appointments.forget_bookings,
        shown=(
            Shown(
                place=4,
                who=f"{STAFF}; access needs: the appointment’s adviser and the front desk",
                correct="Change it until the appointment starts. If your attendance is wrong, write to {service_email}",
                noun="appointment",
                counts=("appointments.Booking",),
                seen_at="booking_list",
                seen_words="My appointments",
            ),
        ),
    ),
    EVENTS,
    _of_a_person(
        "standing",
        "Appointments used, missed and granted",
        "Appointments you have used or missed, your appeals, extra appointments and holds.",
        FAIR,
        tuple(Table(f"eligibility.{name}", "student") for name in STANDING),
        forget=eligibility.forget_standing,
        shown=(
            Shown(
                place=9,
                who=STAFF,
                correct=WRITE,
                noun="entry",
                counts=tuple(f"eligibility.{name}" for name in STANDING),
                seen_at="strike_list",
                seen_words="Missed appointments",
            ),
        ),
    ),
    _of_a_person(
        "activities",
        "Activities and groups",
        "Activities you completed, your results, and the groups you are in, where they unlock an appointment.",
        FAIR,
        (Table("eligibility.ActivityResult", "student"), Table("eligibility.GroupMember", "student")),
        forget=eligibility.forget_activities,
        shown=(
            Shown(
                place=10,
                who=STAFF,
                correct="Ask where you did the activity, or write to {service_email}",
                noun="entry",
                counts=("eligibility.ActivityResult", "eligibility.GroupMember"),
                seen_at="home",
                seen_words="Home",
            ),
        ),
    ),
    _of_a_person(
        "wellbeing",
        "Concerns for your wellbeing",
        "Concerns that somebody raised about you, what we did, and whom we told.",
        SAFE,
        (
            Table("wellbeing.Concern", "student"),
            Table("wellbeing.ConcernStep", "concern__student"),
            Table("wellbeing.Disclosure", "concern__student"),
        ),
        forget=forget_concerns,
        reader=Reader.WELLBEING,
        not_shown="that there is one is for wellbeing leads alone (DATA-6); the page says so in general",
    ),
    _of_a_person(
        "security",
        "Suspected misuse of your account",
        "Signs of misuse, the cases we opened, reports about them and how they ended.",
        SAFE,
        (
            Table("security.SecurityCase", "person"),
            Table("security.CaseEntry", "case__person"),
            Table("security.CaseReport", "case__person"),
            Table("security.DataBreach", "case__person"),
            Table("security.Outcome", "case__person"),
            Table("security.Lead", "person"),
        ),
        forget=forget_cases,
        reader=Reader.GOVERNANCE,
        not_shown="its officer tells the person, never a page (SEC-3); the page says so in general",
    ),
    _of_a_person(
        "documents",
        "Documents",
        "CVs, application forms and job adverts you uploaded, with every version.",
        SERVICE,
        (
            Table("documents.Document", "owner"),
            Table("documents.DocumentVersion", "document__owner"),
            Table("documents.DocumentShare", "document__owner"),
            Table("documents.StoredFile", "version__document__owner", file="documents"),
        ),
        forget=documents.forget_documents,
        shown=(
            Shown(
                place=7,
                who="You; anyone you share it with; people who read an appointment’s notes; never the front desk",
                correct="Add a newer version, stop sharing, or delete for good",
                noun="document",
                counts=("documents.Document",),
                seen_at="document_list",
                seen_words="Your documents",
            ),
        ),
    ),
    _of_a_person(
        "messages",
        "Messages to you",
        "Confirmations, reminders and other service messages by email and text, with the text provider’s copy.",
        SERVICE,
        (
            Table("messaging.OutboxMessage", "recipient"),
            Table("messaging.Attempt", "message__recipient"),
            Table("messaging.ProviderCopy"),
        ),
        forget=messaging.forget_messages,
        shown=(
            Shown(
                place=11,
                who="Nobody but you; administrators see that one was sent, and whether it arrived",
                correct=WRITE,
                noun="message",
                counts=("messaging.OutboxMessage",),
                sooner="message_words",
            ),
        ),
        people=EVERYBODY,
    ),
    _of_a_person(
        "permissions",
        "What you agreed to hear",
        "Whether you want careers news or contact from the alumni office, by email or text, and when you told us.",
        "To send you only what you want; your consent.",
        (Table("messaging.ContactPermission", "person"),),
        forget=messaging.forget_permissions,
        shown=(
            Shown(
                place=15,
                who="You; alumni relations, of what concerns them",
                correct="Change it on your profile",
                noun="answer",
                counts=("messaging.ContactPermission",),
                seen_at="contact_permission_edit",
                seen_words="What you hear from us",
            ),
        ),
    ),
    _of_a_person(
        "rights",
        "Your requests about your data",
        "Your requests under data protection law, our answers, and the notice of your last day.",
        LAW,
        (
            Table("retention.RightsRequest", "person"),
            Table("retention.RightsStep", "request__person"),
            Table("retention.RightsPart", "request__person"),
            Table("retention.Redaction", "request__person"),
            Table("retention.Package", "request__person", secret=("salt", "candidates"), file="retention"),
            Table("retention.RetentionWarning", "person"),
            Table("retention.LegalHold", "person"),
            Table("accounts.Proposal", "person"),
        ),
        forget=forgetting.forget_rights,
        shown=(
            Shown(
                place=16,
                who="You, and information governance",
                correct=WRITE,
                noun="request",
                counts=("retention.RightsRequest",),
                seen_at="rights_request_list",
                seen_words="Your data and your rights",
            ),
        ),
        people=EVERYBODY,
    ),
    _of_a_person(
        "signing_in",
        "How and where you sign in",
        "Your sign-on, passkeys, authenticator app, recovery codes and API tokens, and your recent devices.",
        SAFE,
        (
            Table("accounts.SignIn", "person", secret=("session_key",)),
            Table("accounts.Draft", "person", secret=("sealed",)),
            Table("accounts.ApiToken", "user", secret=("digest",)),
            Table("accounts.IdempotencyKey", "user", secret=("key", "fingerprint")),
            Table("socialaccount.SocialAccount", "user"),
            Table("socialaccount.SocialToken", "account__user", secret=("token", "token_secret")),
            Table("mfa.Authenticator", "user", secret=("data",)),
            Table("account.EmailAddress", "user"),
            Table("account.EmailConfirmation", "email_address__user", secret=("key",)),
            Table("sessions.Session"),
        ),
        forget=accounts.forget_signing_in,
        shown=(
            Shown(
                place=12,
                title="How you sign in",
                what="The University’s sign-on you came with, passkeys, the app and recovery codes; secrets only "
                "encrypted.",
                who="Nobody",
                correct="Add and remove them on your profile",
                noun="way",
                counts=("socialaccount.SocialAccount", "mfa.Authenticator"),
                seen_at="mfa_index",
                seen_words="Passkeys, app and password",
            ),
            Shown(
                place=14,
                title="API tokens",
                what="What you called them, what they may do, when they were made and used, and their last day; never "
                "the token.",
                who="You",
                correct="Revoke them on your profile",
                noun="token",
                counts=("accounts.ApiToken",),
                **PROFILE,
            ),
        ),
        people=EVERYBODY,
    ),
    _of_a_person(
        "admin_log",
        "The administration log",
        "Which of your records an administrator changed and when.",
        SAFE,
        (Table("admin.LogEntry"),),
        forget=accounts.forget_admin_log,
        not_in_copy="It says what administrators did, and nothing about you that is not elsewhere in this copy.",
        not_shown="what administrators did in Django’s admin",
        people=EVERYBODY,
    ),
    _of_a_person(
        "diaries",
        "Your diary, where you have worked here",
        "The times you published as an adviser, your absences, your link to meet online, and the events you organised.",
        SERVICE,
        (
            Table("appointments.DiaryTemplate", "adviser"),
            Table("appointments.DiaryBlock", "adviser"),
            Table("appointments.TimeOut", "adviser"),
            Table("appointments.OnlineRoom", "adviser"),
            Table("events.EventOrganiser", "person"),
            *(Table(f"appointments.{name}", f"{name.split('_')[0].lower()}__adviser") for name in LINKS),
        ),
        forget=forgetting.forget_colleague,
        not_shown="of colleagues",
        people="Colleagues",
    ),
    _of_a_person(
        "feed_changes",
        "Changes by the student records system",
        "Which of your details changed and when. Until the file is deleted, also from what to what.",
        SERVICE,
        (Table("accounts.FeedChange", "person"),),
        forget=accounts.forget_feed_changes,
        not_shown="names of fields, and for some days what they were before",
    ),
    _of_a_person(
        "courses",
        "Your programme of study",
        "Programme, School, level, mode, and when you started and finished, from the University’s records.",
        SERVICE,
        (Table("accounts.Enrolment", "student"),),
        forget=accounts.forget_courses,
        shown=(
            Shown(place=1, who=LEAVERS_TOO, correct=RECORDS, noun="course", counts=("accounts.Enrolment",), **PROFILE),
        ),
    ),
    _of_a_person(
        "people",
        "Who you are and how to reach you",
        "Your name, University number, email addresses and phone number, and your access needs and disability.",
        SERVICE,
        (
            Table("accounts.User", "pk", secret=("password", "sign_in_epoch", "search_text")),
            Table("accounts.AccessNeeds", "person"),
        ),
        forget=forgetting.forget_people,
        needs=("courses",),
        shown=(
            Shown(
                place=2,
                who=LEAVERS_TOO,
                correct=f"Change the telephone on your profile; for the rest: {RECORDS[0].lower()}{RECORDS[1:]}",
                noun="contact",
                counts=contacts,
                **PROFILE,
                what="Name, number, email address and telephone, and whether you want reminders by text.",
            ),
            Shown(
                place=3,
                who="Careers staff see your preferred name, the front desk your access needs; nobody is shown whether "
                "you declare a disability",
                correct="Change or delete it on your profile",
                noun="answer",
                counts=answers,
                **PROFILE,
                title="What you told us about yourself",
                what="Preferred name, access needs, and whether you declare a disability.",
            ),
        ),
        people=EVERYBODY,
    ),
)
