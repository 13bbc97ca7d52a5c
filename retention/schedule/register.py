"""The one schedule: every class of personal data, what starts its clock, how long it runs, what happens then, and which
operation of which app does it (DATA-4, MAIL-1). `tests/retention/test_schedule.py` fails for a table that is not here.

Classes of a person stand in the order in which they are forgotten: what points at something goes before it.
"""

from __future__ import annotations

from typing import Any

from accounts.feed.operations.files import forget_feed_files
from accounts.operations import forget as accounts
from accounts.operations.sign_ins import forget_old_sign_ins
from appointments.operations import forget as appointments
from documents.operations import forget as documents
from eligibility.operations import forget as eligibility
from messaging.operations import forget as messaging
from queries.operations import forget as queries
from retention.schedule import clocks, forgetting
from retention.schedule.data_class import Clock, DataClass, Reader, Table, Then
from security.operations.forget import forget_cases, forget_leads
from wellbeing.operations.forget import forget_concerns

SERVICE = "To give you appointments, advice and what you ask for; the University’s public task."
FAIR = "To share a limited service fairly; the University’s public task."
SAFE = "To keep accounts and people safe; the University’s legitimate interest, and your vital interest."
LAW = "Because the law says so."

STANDING = ("AllocationUse", "Grant", "Strike", "StrikeReview", "Hold")
LINKS = ("DiaryTemplate_types", "DiaryTemplate_locations", "DiaryBlock_types", "DiaryBlock_locations")


def _of_a_person(key: str, name: str, what: str, why: str, tables: tuple[Table, ...], **more: Any) -> DataClass:
    """DATA-4: everything about a person runs with their last course, unless something is said below."""
    return DataClass(key, name, what, why, Clock.COURSE, "retention_years", tables, **more)


OF_A_PERSON: tuple[DataClass, ...] = (
    _of_a_person(
        "queries",
        "Queries",
        "What you asked us or told us, our answers, and what colleagues wrote to one another about it.",
        SERVICE,
        (
            Table("queries.Query", "person"),
            Table("queries.QueryMessage", "query__person"),
            Table("queries.InboundEmail", "query__person", secret=("raw", "digest", "content")),
        ),
        forget=queries.forget_queries_of,
        needs=("people", "standing"),
    ),
    _of_a_person(
        "notes",
        "Notes of appointments",
        "What your adviser wrote down, and the next step you agreed.",
        SERVICE,
        (Table("appointments.BookingNote", "booking__student"),),
        forget=appointments.forget_notes,
        needs=("people", "appointments"),
        reader=Reader.GOVERNANCE,
    ),
    _of_a_person(
        "appointments",
        "Appointments",
        "When, with whom and where, what you told us for them, and whether you came.",
        SERVICE,
        (
            Table("appointments.Booking", "student"),
            Table("appointments.BookingNeeds", "booking__student"),
            Table("appointments.IdempotencyKey", "user", secret=("key", "fingerprint")),
        ),
        forget=appointments.forget_bookings,
    ),
    _of_a_person(
        "standing",
        "What you have used, missed and been given",
        "Appointments that count against an allocation, missed ones and their reviews, additional ones, and holds.",
        FAIR,
        tuple(Table(f"eligibility.{name}", "student") for name in STANDING),
        forget=eligibility.forget_standing,
    ),
    _of_a_person(
        "activities",
        "Activities and groups",
        "What you have completed, how you did in it, and groups you belong to, where that opens an appointment.",
        FAIR,
        (Table("eligibility.ActivityResult", "student"), Table("eligibility.GroupMember", "student")),
        forget=eligibility.forget_activities,
    ),
    _of_a_person(
        "wellbeing",
        "Concerns for your wellbeing",
        "That somebody was worried about you, what was done, and what was passed on to whom.",
        SAFE,
        (
            Table("wellbeing.Concern", "student"),
            Table("wellbeing.ConcernStep", "concern__student"),
            Table("wellbeing.Disclosure", "concern__student"),
        ),
        forget=forget_concerns,
        reader=Reader.WELLBEING,
    ),
    _of_a_person(
        "security",
        "Suspected misuse of your account",
        "Cases and signs of it, reports of them, and how they ended.",
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
    ),
    _of_a_person(
        "documents",
        "Documents",
        "CVs, application forms and job adverts that you handed in, each with its versions.",
        SERVICE,
        (
            Table("documents.Document", "owner"),
            Table("documents.DocumentVersion", "document__owner"),
            Table("documents.DocumentShare", "document__owner"),
            Table("documents.StoredFile", "version__document__owner", file="documents"),
        ),
        forget=documents.forget_documents,
    ),
    _of_a_person(
        "messages",
        "Messages to you",
        "Confirmations, reminders and other messages, by e-mail and by text; the provider’s copy of a text too.",
        SERVICE,
        (
            Table("messaging.OutboxMessage", "recipient"),
            Table("messaging.Attempt", "message__recipient"),
            Table("messaging.ProviderCopy"),
        ),
        forget=messaging.forget_messages,
    ),
    _of_a_person(
        "permissions",
        "What you have agreed to",
        "Careers news and contact from the alumni office: yes or no, by which way, when and where you said so.",
        "So that you hear only what you want to; your consent.",
        (Table("messaging.ContactPermission", "person"),),
        forget=messaging.forget_permissions,
    ),
    _of_a_person(
        "rights",
        "Your requests about your data",
        "What you asked for under data protection law, and how it was answered; that we told you of your last day.",
        LAW,
        (
            Table("retention.RightsRequest", "person"),
            Table("retention.RightsStep", "request__person"),
            Table("retention.RightsPart", "request__person"),
            Table("retention.Redaction", "request__person"),
            Table("retention.Package", "request__person", secret=("salt", "candidates"), file="retention"),
            Table("retention.RetentionWarning", "person"),
            Table("retention.LegalHold", "person"),
        ),
        forget=forgetting.forget_rights,
    ),
    _of_a_person(
        "signing_in",
        "How and where you sign in",
        "The University’s sign-on, passkeys, the app and recovery codes, tokens for programs; devices and when.",
        SAFE,
        (
            Table("accounts.SignIn", "person", secret=("session_key",)),
            Table("accounts.ApiToken", "user", secret=("digest",)),
            Table("socialaccount.SocialAccount", "user"),
            Table("socialaccount.SocialToken", "account__user", secret=("token", "token_secret")),
            Table("mfa.Authenticator", "user", secret=("data",)),
            Table("account.EmailAddress", "user"),
            Table("account.EmailConfirmation", "email_address__user", secret=("key",)),
            Table("sessions.Session"),
        ),
        forget=accounts.forget_signing_in,
    ),
    _of_a_person(
        "admin_log",
        "The log of the administration pages",
        "Which of your records an administrator changed, and when.",
        SAFE,
        (Table("admin.LogEntry"),),
        forget=accounts.forget_office_log,
        not_in_copy="It says what administrators did, and nothing about you that is not elsewhere in this copy.",
    ),
    _of_a_person(
        "diaries",
        "Your diary, where you have worked here",
        "Published time and absences of an adviser.",
        SERVICE,
        (
            Table("appointments.DiaryTemplate", "adviser"),
            Table("appointments.DiaryBlock", "adviser"),
            Table("appointments.TimeOut", "adviser"),
            *(Table(f"appointments.{name}", f"{name.split('_')[0].lower()}__adviser") for name in LINKS),
        ),
        forget=forgetting.forget_colleague,
    ),
    _of_a_person(
        "feed_changes",
        "What the student records system changed",
        "Which of your details changed on which night; never what they said.",
        SERVICE,
        (Table("accounts.FeedChange", "person"),),
        forget=accounts.forget_feed_changes,
    ),
    _of_a_person(
        "courses",
        "Your programme of study",
        "Programme, School, level, mode, and when you began and completed, as the University says.",
        SERVICE,
        (Table("accounts.Enrolment", "student"),),
        forget=accounts.forget_courses,
    ),
    _of_a_person(
        "people",
        "Who you are and how to reach you",
        "Name, number, e-mail addresses, telephone; what you told us about access needs and disability.",
        SERVICE,
        (
            Table("accounts.User", "pk", secret=("password", "sign_in_epoch")),
            Table("accounts.AccessNeeds", "person"),
        ),
        forget=forgetting.forget_people,
        needs=("courses",),
    ),
)

WITH_THEIR_OWN_CLOCK: tuple[DataClass, ...] = (
    DataClass(
        "resolved_queries",
        "Queries that are resolved",
        "The question, our replies, the e-mails it came by, and every copy of them here.",
        "So that an answer can be followed up.",
        Clock.RESOLVED,
        "email_retention_months",
        (Table("queries.Query"), Table("queries.QueryMessage"), Table("queries.InboundEmail")),
        rows=clocks.queries_due,
    ),
    DataClass(
        "unanswered_mail",
        "E-mails that became no query",
        "Automatic answers, and what could not be read or waited for a colleague: sender, subject and original.",
        "So that nothing is lost by a mistake.",
        Clock.RECEIVED,
        "email_retention_months",
        (Table("queries.InboundEmail"),),
        sweep=lambda night: queries.forget_unanswered_mail(night.months_ago(night.policy.email_retention_months)),
        rows=clocks.mail_due,
    ),
    DataClass(
        "addressed_messages",
        "Messages to people who are not known here",
        "Answers to whoever wrote an e-mail, and reports to other departments.",
        SERVICE,
        Clock.SENT,
        "email_retention_months",
        (Table("messaging.OutboxMessage"),),
        sweep=lambda night: messaging.forget_addressed(night.months_ago(night.policy.email_retention_months)),
        rows=clocks.addressed_due,
    ),
    DataClass(
        "message_words",
        "The words of messages",
        "What a confirmation or reminder said.",
        "So that it can be looked into where one went wrong.",
        Clock.SENT,
        "message_words_days",
        (Table("messaging.OutboxMessage"),),
        sweep=lambda night: messaging.forget_words(night.days_ago(night.policy.message_words_days)),
        rows=clocks.words_due,
        then=Then.STRIPPED,
    ),
    DataClass(
        "sign_in_records",
        "Where you signed in",
        "The kind of device, the beginning of its network’s address, and when; sessions that have run out.",
        SAFE,
        Clock.ENDED,
        "sign_in_record_days",
        (Table("accounts.SignIn"), Table("sessions.Session")),
        sweep=lambda night: forget_old_sign_ins(),
        rows=clocks.sign_ins_due,
    ),
    DataClass(
        "leads",
        "Signs of misuse that were judged",
        "What was noticed, and why it came to nothing or became a case.",
        SAFE,
        Clock.JUDGED,
        "lead_retention_days",
        (Table("security.Lead"),),
        sweep=lambda night: forget_leads(),
        rows=clocks.leads_due,
    ),
    DataClass(
        "feed_files",
        "Files of the student records system",
        "The file as it came, and rows of it that were refused.",
        "So that a mistake in it can be found.",
        Clock.MADE,
        "feed_file_days",
        (Table("accounts.FeedFile"), Table("accounts.FeedChange")),
        sweep=lambda night: forget_feed_files(),
        rows=clocks.feed_files_due,
    ),
    DataClass(
        "request_keys",
        "Marks on a program’s requests",
        "So that the same request is answered once.",
        SERVICE,
        Clock.MADE,
        "request_key_days",
        (Table("appointments.IdempotencyKey"),),
        sweep=lambda night: appointments.forget_request_keys(night.days_ago(night.policy.request_key_days)),
        rows=clocks.request_keys_due,
    ),
    DataClass(
        "old_office_log",
        "The older log of the administration pages",
        "Which record an administrator changed.",
        SAFE,
        Clock.MADE,
        "office_log_days",
        (Table("admin.LogEntry"),),
        sweep=lambda night: accounts.forget_old_office_log(night.days_ago(night.policy.office_log_days)),
        rows=clocks.office_log_due,
    ),
    DataClass(
        "copies",
        "Copies that people asked for",
        "The encrypted file; that there was one stays with the request.",
        LAW,
        Clock.RELEASED,
        "package_days",
        (Table("retention.Package", file="retention"),),
        sweep=forgetting.forget_packages,
        rows=clocks.packages_due,
        then=Then.STRIPPED,
    ),
    DataClass(
        "sign_in_limits",
        "Counts of what may be done only so often",
        "When a sign-in failed, or a link, query, file or API request was sent, in the last day; a scrambled key says "
        "whose.",
        SAFE,
        Clock.ENDED,
        "",
        (Table("accounts.CountedEvent"), Table("accounts.RequestCount")),
        not_in_copy="A scrambled key and a time, for a day: it names nobody.",
        sweep=lambda night: accounts.forget_limits(),
    ),
)

FOR_GOOD: tuple[DataClass, ...] = (
    DataClass(
        "trail",
        "The audit trail",
        "Who did what, when, to which thing: numbers and codes alone, no names and no words.",
        "To prove that the rules were kept. The number of somebody forgotten means nobody.",
        Clock.NONE,
        "",
        (Table("accounts.AuditEntry", "student"), Table("accounts.AuditSeal")),
        then=Then.KEPT,
        not_in_copy="Numbers and codes; what of it is about you is “Who looked at your notes and documents”.",
    ),
    DataClass(
        "proof",
        "Proof of forgetting",
        "How many of what were forgotten on which night, and tombstones: random numbers that belonged to somebody.",
        LAW,
        Clock.NONE,
        "",
        (
            *(Table(f"retention.{name}") for name in ("PurgeRun", "PurgeCount", "TextMention", "Statistic")),
            Table("retention.Tombstones", file="retention"),
        ),
        then=Then.KEPT,
        not_in_copy="It names nobody.",
    ),
)

SCHEDULE: tuple[DataClass, ...] = OF_A_PERSON + WITH_THEIR_OWN_CLOCK + FOR_GOOD
BY_KEY: dict[str, DataClass] = {each.key: each for each in SCHEDULE}
COUNTED_BY: dict[str, str] = {}
for _each in reversed(SCHEDULE):
    COUNTED_BY.update({table.model: _each.key for table in _each.tables})


def count_rows(each: DataClass) -> int:
    """Rows of its tables, everybody's. Of a table that several classes share, the first one counts them."""
    return sum(table.manager.count() for table in each.tables if COUNTED_BY[table.model] == each.key)
