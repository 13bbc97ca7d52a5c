"""The record of processing (article 30 UK GDPR) and the processors in use.

Both are made from the retention schedule, the policy settings and the settings of this installation: there is no second
list. What the portal cannot know, such as where a provider stores its data, it does not state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from accounts.rules.policy import Policy
from foundation.values.counted import counted
from retention.schedule.data_class import DataClass, Reader, Then
from retention.schedule.register import SCHEDULE
from retention.selectors.notice import receivers

OWN_HOSTS = frozenset({"", "localhost", "127.0.0.1", "::1"})
UNKNOWN = "The portal cannot know. See your contract."
NONE_HERE = "None: this machine"
BY_READER = {
    Reader.ANYBODY: "Colleagues whose role needs it, if anybody",
    Reader.GOVERNANCE: "Information governance",
    Reader.WELLBEING: "Wellbeing leads",
}
"""Who sees a class that has no entry in “What we hold about you”."""


@dataclass(frozen=True, slots=True)
class Processing:
    """One line of the record."""

    name: str
    purpose: str
    people: str
    data: str
    recipients: str
    time_limit: str


@dataclass(frozen=True, slots=True)
class Processor:
    """A service that handles personal data for the institution. `transfer`: whether data leaves the UK."""

    what: str
    who: str
    data: str
    transfer: str


@dataclass(frozen=True, slots=True)
class RecordOfProcessing:
    controller: str
    contact: str
    lines: list[Processing]
    processors: list[Processor]
    receivers: tuple[str, ...]
    security: tuple[str, ...]


LINE_HEADS = ("Record", "Purpose", "People", "Data", "Recipients", "Time limit")
PROCESSOR_HEADS = ("Service", "Where", "Data", "Transfer outside the UK")


def record_of_processing(policy: Policy) -> RecordOfProcessing:
    """No queries."""
    return RecordOfProcessing(
        f"{settings.BRAND['institution']}, {settings.BRAND['name']}",
        f"{policy.service_email}, {policy.service_phone}. Information governance: {policy.security_ig_email}",
        [_line(each, policy) for each in SCHEDULE],
        list(processors()),
        receivers(policy),
        security_measures(policy),
    )


def record_rows(record: RecordOfProcessing) -> Iterator[tuple[str, ...]]:
    """The record as rows of a CSV file."""
    yield ("Controller", record.controller)
    yield ("Contact", record.contact)
    yield ()
    yield LINE_HEADS
    yield from (astuple(each) for each in record.lines)
    yield ()
    yield PROCESSOR_HEADS
    yield from (astuple(each) for each in record.processors)
    yield ()
    yield from (("Passed on", each) for each in record.receivers)
    yield from (("Security", each) for each in record.security)


def _line(each: DataClass, policy: Policy) -> Processing:
    seen = dict.fromkeys(shown.who for shown in each.shown) or {BY_READER[each.reader]: None}
    limit = f"{each.period_words(policy)} from {each.clock}, then {each.then}" if each.period else str(each.then)
    if not each.period and each.then != Then.KEPT:
        limit = f"{each.period_words(policy)}, then {each.then}"
    return Processing(each.name, each.why, each.people, each.what, "; ".join(seen), limit)


def processors() -> Iterator[Processor]:
    """The services that this installation uses, from its settings. No queries. Never a password, key or user name."""
    stored = [each for each in SCHEDULE if any(table.file for table in each.tables)]
    yield _at("Database", connection.settings_dict.get("HOST"), "Everything but files")
    if settings.DOCUMENTS_S3_BUCKET:
        options = settings.STORAGES["documents"]["OPTIONS"]
        host = urlsplit(options.get("endpoint_url") or "").hostname or "Amazon S3"
        yield _at("File storage", ", ".join(filter(None, [host, options.get("region_name")])), _names(stored))
    else:
        yield _at("File storage", "", _names(stored))
    messages = _names(each for each in SCHEDULE if _holds(each, "messaging.OutboxMessage"))
    yield _at("Sending email", _email_host(), messages)
    if settings.QUERIES_MAILBOX:
        mail = _names(each for each in SCHEDULE if _holds(each, "queries.InboundEmail"))
        yield _at("Receiving email", settings.QUERIES_MAILBOX.hostname, mail)
    if settings.TWILIO_ACCOUNT_SID and settings.MESSAGING_PROVIDERS["sms"].endswith("TwilioProvider"):
        yield _at("Sending texts", urlsplit(settings.TWILIO_BASE_URL).hostname or "Twilio", messages)
    for provider in settings.SIGN_ON_PROVIDERS:
        where = urlsplit(provider.sso_url or provider.issuer).hostname or provider.issuer
        yield _at(f"Signing in: {provider.name}", where, "University number, name and email address, at each sign-in")
    if settings.CLAMD_ADDRESS:
        yield _at(
            "Virus scanner", _host(settings.CLAMD_ADDRESS), "The contents of uploaded files, while they are checked"
        )


def _at(what: str, where: str | None, data: str) -> Processor:
    own = not where or where in OWN_HOSTS or where.startswith("/")
    return Processor(what, "This machine" if own else str(where), data, NONE_HERE if own else UNKNOWN)


def _host(address: str) -> str:
    """The host of `host:port` or of a URL; empty for a path."""
    return "" if address.startswith(("/", "unix:")) else urlsplit(f"//{address.split('://')[-1]}").hostname or ""


def _email_host() -> str:
    backend = settings.MESSAGING_EMAIL_CONNECTION
    if backend.startswith("anymail.backends."):
        return str(backend.split(".")[2].capitalize())
    return str(settings.EMAIL_HOST)


def _holds(each: DataClass, model: str) -> bool:
    return any(table.model == model for table in each.tables)


def _names(classes: Iterable[DataClass]) -> str:
    return "; ".join(dict.fromkeys(each.name for each in classes))


def security_measures(policy: Policy) -> tuple[str, ...]:
    second = "Colleagues sign in with a second factor. " if settings.STAFF_NEED_SECOND_FACTOR else ""
    people = counted(policy.session_idle_minutes_students, "minute")
    return (
        f"{second}Sessions end after {counted(policy.session_idle_minutes_staff, 'minute')} without activity for "
        f"colleagues and {people} for everybody else.",
        "Each page checks the role of its reader. Notes, documents and concerns have readers of their own, and each "
        "reading is recorded.",
        "Connections are encrypted. Copies of personal data and drafts are encrypted where they are stored.",
        "The audit trail cannot be changed, and it is sealed. Roles that open confidential data, settings that delete "
        "data, large nights and the lifting of legal holds take two people.",
        "Uploaded files are checked before anybody opens them. Their hidden details are removed.",
        "Data past its day is deleted each night, with proof. A restored backup cannot bring back deleted people.",
    )
