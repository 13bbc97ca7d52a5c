"""Classes with their own retention period, mostly shorter than the general one, and classes kept permanently."""

from __future__ import annotations

from accounts.feed.operations.files import forget_feed_files
from accounts.operations import forget as accounts
from accounts.operations.drafts import forget_drafts
from accounts.operations.sign_ins import forget_old_sign_ins
from appointments.operations import forget as appointments
from messaging.operations import forget as messaging
from queries.operations import forget as queries
from retention.schedule import clocks, forgetting
from retention.schedule.counts import readings
from retention.schedule.data_class import Clock, DataClass, Shown, Table, Then
from retention.schedule.reasons import LAW, SAFE, SERVICE
from security.operations.forget import forget_leads

WITH_THEIR_OWN_CLOCK: tuple[DataClass, ...] = (
    DataClass(
        "resolved_queries",
        "Queries that are resolved",
        "The query, our replies and every email they came in.",
        "So that an answer can be followed up.",
        Clock.RESOLVED,
        "email_retention_months",
        (Table("queries.Query"), Table("queries.QueryMessage"), Table("queries.InboundEmail")),
        rows=clocks.queries_due,
    ),
    DataClass(
        "unanswered_mail",
        "Emails that did not become a query",
        "Automatic replies and emails we could not read: sender, subject and original.",
        "So that nothing is lost by a mistake.",
        Clock.RECEIVED,
        "email_retention_months",
        (Table("queries.InboundEmail"),),
        sweep=lambda night: queries.forget_unanswered_mail(night.months_ago(night.policy.email_retention_months)),
        rows=clocks.mail_due,
    ),
    DataClass(
        "addressed_messages",
        "Messages to people without an account",
        "Replies to people without an account, and reports to other departments.",
        SERVICE,
        Clock.SENT,
        "email_retention_months",
        (Table("messaging.OutboxMessage"),),
        sweep=lambda night: messaging.forget_addressed(night.months_ago(night.policy.email_retention_months)),
        rows=clocks.addressed_due,
    ),
    DataClass(
        "message_words",
        "Message texts",
        "The text of confirmations and reminders.",
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
        "Type of device, part of its network address and time of each sign-in, and sessions that have ended.",
        SAFE,
        Clock.ENDED,
        "sign_in_record_days",
        (Table("accounts.SignIn", "person"), Table("sessions.Session")),
        sweep=lambda night: forget_old_sign_ins(),
        rows=clocks.sign_ins_due,
        shown=(
            Shown(
                place=12,
                who="You; information governance, where there are signs that an account is shared",
                correct="End what you do not recognise",
                noun="sign-in",
                counts=("accounts.SignIn",),
                seen_at="sign_in_list",
                seen_words="Where you are signed in",
            ),
        ),
    ),
    DataClass(
        "leads",
        "Possible misuse that we checked",
        "Signs of misuse, and why we closed them or opened a case.",
        SAFE,
        Clock.JUDGED,
        "lead_retention_days",
        (Table("security.Lead"),),
        sweep=lambda night: forget_leads(),
        rows=clocks.leads_due,
    ),
    DataClass(
        "feed_files",
        "Student records files",
        "The file we received, and the rows we refused.",
        "So that a mistake in it can be found.",
        Clock.MADE,
        "feed_file_days",
        (Table("accounts.FeedFile"), Table("accounts.FeedChange")),
        sweep=lambda night: forget_feed_files(),
        rows=clocks.feed_files_due,
    ),
    DataClass(
        "drafts",
        "Drafts",
        "What somebody typed into a form and did not send, encrypted.",
        "So that nothing typed is lost.",
        Clock.MADE,
        "draft_days",
        (Table("accounts.Draft"),),
        sweep=lambda night: forget_drafts(night.days_ago(night.policy.draft_days)),
        rows=clocks.drafts_due,
        not_in_copy="Only for a day, and only on the page on which they were typed.",
        not_shown="nobody sees them but their author, on the page on which they were typed",
    ),
    DataClass(
        "request_keys",
        "API idempotency keys",
        "Keys that stop one request from being handled twice.",
        SERVICE,
        Clock.MADE,
        "request_key_days",
        (Table("appointments.IdempotencyKey"),),
        sweep=lambda night: appointments.forget_request_keys(night.days_ago(night.policy.request_key_days)),
        rows=clocks.request_keys_due,
    ),
    DataClass(
        "old_admin_log",
        "The older administration log",
        "Which records an administrator changed.",
        SAFE,
        Clock.MADE,
        "admin_log_days",
        (Table("admin.LogEntry"),),
        sweep=lambda night: accounts.delete_old_admin_log(night.days_ago(night.policy.admin_log_days)),
        rows=clocks.admin_log_due,
    ),
    DataClass(
        "copies",
        "Copies of their data that people asked for",
        "The encrypted file. The request itself stays.",
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
        "Rate limit counts",
        "Times of failed sign-ins and of links, queries, files and API requests in the last day, under a hashed key.",
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
        "Who did what, when and to which record, in numbers and codes only: no names or text.",
        "To prove that we kept to the rules. The number of a deleted person no longer identifies anybody.",
        Clock.NONE,
        "",
        (Table("accounts.AuditEntry", "student"), Table("accounts.AuditSeal")),
        then=Then.KEPT,
        not_in_copy="Numbers and codes; what of it is about you is “Who looked at your notes and documents”.",
        shown=(
            Shown(
                place=16,
                title="Who looked at your notes and documents",
                what="Each time somebody opened them: who, and when.",
                who="You, and information governance",
                correct="Nobody can change this record",
                noun="reading",
                counts=readings,
                seen_at="reading_list",
                seen_words="See who",
            ),
        ),
    ),
    DataClass(
        "proof",
        "Proof of deletion",
        "How many records of each class were deleted each night, and the random ids of deleted people.",
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
