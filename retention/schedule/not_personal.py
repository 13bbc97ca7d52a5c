"""The counterpart of the schedule: every table and log without personal data, field by field, and why.

`tests/retention/test_schedule.py` fails for a text field or foreign key to people that is not named here or in the
schedule, so that whoever adds one decides where it belongs.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotPersonal:
    why: str
    fields: tuple[str, ...] = ()


CONFIGURATION = "What the service offers and by which rules; the author’s name goes when their records are deleted."
PUBLISHED = "What the service publishes about its events; who made one goes when their records are deleted."
CATALOGUE = "The University’s catalogue."
FRAMEWORK = "The framework’s own; no people in it."

NOT_PERSONAL: dict[str, NotPersonal] = {
    "appointments.AppointmentType": NotPersonal(
        CONFIGURATION, ("slug", "name", "summary", "description", "topics", "questions", "document_wanted")
    ),
    "appointments.AppointmentType_policies": NotPersonal(CONFIGURATION),
    "places.Location": NotPersonal(CONFIGURATION, ("name", "building", "confidentiality_note", "directions", "link")),
    "places.PlaceUse": NotPersonal("When an event has a place for itself.", ("source_id",)),
    "events.EventType": NotPersonal(CONFIGURATION, ("slug", "name")),
    "events.EventType_policies": NotPersonal(CONFIGURATION),
    "events.Event": NotPersonal(
        PUBLISHED + " Looked through for names.",
        (
            "title",
            "summary",
            "description",
            "online_link",
            "told_reason",
            "created_by",
            "attendance_closed_by",
        ),
    ),
    "events.EventSeries": NotPersonal(PUBLISHED, ("title", "summary", "created_by")),
    "events.EventSession": NotPersonal(PUBLISHED, ("title", "venue")),
    "events.EventEmployer": NotPersonal(PUBLISHED, ("name", "link", "note")),
    "events.EventQuestion": NotPersonal(PUBLISHED, ("label", "help", "choices")),
    "events.EventPicture": NotPersonal(PUBLISHED, ("image", "alt")),
    "events.EventNote": NotPersonal(
        "What was written to everybody registered; looked through for names. Who wrote it goes with their records.",
        ("text", "by"),
    ),
    "events.EventReserve": NotPersonal("How many places are kept for a group."),
    "events.CheckInDevice": NotPersonal(
        "Tablets at the door, and who opened them.", ("name", "token_digest", "opened_by")
    ),
    "eligibility.AcademicPeriod": NotPersonal(CONFIGURATION, ("slug", "name")),
    "eligibility.MissPolicy": NotPersonal(CONFIGURATION, ("value", "set_by", "note")),
    "eligibility.Activity": NotPersonal(CONFIGURATION, ("slug", "name", "link")),
    "eligibility.Audience": NotPersonal(CONFIGURATION, ("slug", "name", "rule", "coming")),
    "eligibility.AudienceRule": NotPersonal(CONFIGURATION, ("rule", "set_by", "note")),
    "eligibility.AllocationPolicy": NotPersonal(CONFIGURATION, ("slug", "name")),
    "eligibility.Group": NotPersonal(CONFIGURATION, ("slug", "name")),
    "queries.ReplyTemplate": NotPersonal(CONFIGURATION + " Looked through for names.", ("name", "text")),
    "accounts.PolicySetting": NotPersonal(CONFIGURATION, ("key", "value", "set_by", "note")),
    "accounts.School": NotPersonal(CATALOGUE, ("name", "faculty", "contact_email")),
    "accounts.Programme": NotPersonal(CATALOGUE, ("code", "name")),
    "accounts.FeedRun": NotPersonal(
        "That a file came and how many rows it had; who started it is removed when they are deleted.",
        ("started_by", "approved_by", "file_hash", "phase", "counts", "report", "problem"),
    ),
    "messaging.Heartbeat": NotPersonal("When each process of the portal was last heard of."),
    "retention.NoticeVersion": NotPersonal("The published privacy notice.", ("sections", "changes")),
    "auth.Permission": NotPersonal(FRAMEWORK, ("name", "codename")),
    "auth.Group": NotPersonal(FRAMEWORK, ("name",)),
    "auth.Group_permissions": NotPersonal(FRAMEWORK),
    "contenttypes.ContentType": NotPersonal(FRAMEWORK, ("app_label", "model")),
    "socialaccount.SocialApp": NotPersonal(
        "The University’s sign-on services; unused, they are settings here.",
        ("provider", "provider_id", "name", "client_id", "secret", "key", "settings"),
    ),
}

KEPT_FOR_GOOD: dict[str, NotPersonal] = {
    "accounts.AuditEntry": NotPersonal(
        "Numbers and codes; the number of a deleted person no longer identifies anybody.",
        ("actor", "action", "subject", "subject_id", "student", "details", "origin", "network", "actor_roles"),
    ),
    "accounts.AuditSeal": NotPersonal("Digests.", ("previous", "digest")),
    "retention.PurgeRun": NotPersonal(
        "Numbers, codes and random ids; who approved it is removed when they are deleted.",
        ("started_by", "asks_because", "approved_by", "problems", "previous", "digest"),
    ),
    "retention.PurgeCount": NotPersonal("Numbers.", ("key",)),
    "retention.Tombstones": NotPersonal("The name of a file of random ids.", ("name", "digest")),
    "retention.TextMention": NotPersonal("Where something stands, never what.", ("model", "field", "reviewed_by")),
    "retention.Statistic": NotPersonal("Numbers.", ("what", "academic_year", "first", "second", "third")),
}

TABLES_WITHOUT_MODEL: dict[str, str] = {
    "django_migrations": FRAMEWORK,
    "careerconnect_cache": "In the schedule as “Rate limit counts”.",
}

STORAGES: dict[str, str] = {
    "default": "Nothing is stored in it.",
    "staticfiles": "Styles and scripts.",
    "documents": "In the schedule as “Documents”.",
    "retention": "In the schedule as “Copies of their data that people asked for” and “Proof of deletion”.",
}

LOG_HANDLERS: dict[str, str] = {
    "stderr": "Codes, random ids and names of exceptions; addresses lose their query strings (foundation/logs.py).",
}
