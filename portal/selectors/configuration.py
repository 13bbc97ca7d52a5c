"""The current configuration and its problems. The number of queries is fixed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Func, Max, Q
from django.urls import reverse

from accounts.feed.selectors import feed_facts
from accounts.models import AuditEntry, PolicySetting, Role, User
from accounts.policy.registry import SETTINGS, Setting
from appointments.models import AppointmentType
from appointments.rules.window_words import ahead_words
from documents.providers.choice import scanner
from documents.selectors.documents import how_many_wait
from eligibility.models import AcademicPeriod, Grant, Hold, PeriodKind
from messaging.models import DeliveryState, OutboxMessage
from places.models import Confidentiality, Location

RECENT = 6


@dataclass(frozen=True, slots=True)
class TypeRow:
    type: AppointmentType
    how_many: str
    opens: str
    published_until: date | None


def type_rows() -> list[TypeRow]:
    """Two queries."""
    until = Max("diary_blocks__local_date")
    types = AppointmentType.objects.with_rules().annotate(until=until).order_by("order", "name")
    limits = {type.pk: " and ".join(policy.sentence for policy in type.limits) or "no limit" for type in types}
    return [TypeRow(type, limits[type.pk], ahead_words(type), type.until) for type in types]


@dataclass(frozen=True, slots=True)
class Places:
    """`levels`: confidentiality level, its label, how many open places have it, and their names."""

    levels: tuple[tuple[str, str, int, str], ...]
    modes: frozenset[str]
    closed: int


def places() -> Places:
    """One query."""
    rows = list(Location.objects.order_by("name").values_list("name", "mode", "confidentiality", "is_open"))
    levels = []
    for level in Confidentiality:
        names = [name for name, _, confidentiality, is_open in rows if is_open and confidentiality == level]
        levels.append((str(level), str(level.label), len(names), ", ".join(names)))
    return Places(tuple(levels), frozenset(row[1] for row in rows if row[3]), sum(not row[3] for row in rows))


@dataclass(frozen=True, slots=True)
class PeriodRow:
    name: str
    kind: str
    first: date
    last: date
    is_now: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """Current periods and those of the next year, and whether the next semester and term are entered."""

    rows: tuple[PeriodRow, ...]
    has_next_semester: bool
    has_next_term: bool


def calendar(today: date) -> Calendar:
    """One query."""
    until = today + timedelta(days=365)
    rows = [
        PeriodRow(
            period.name,
            str(PeriodKind(period.kind).label),
            period.during.lower,
            period.during.upper - timedelta(days=1),
            period.during.lower <= today < period.during.upper,
        )
        for period in AcademicPeriod.objects.filter(during__overlap=(today, until)).order_by("during")
    ]
    ahead = {row.kind for row in rows if row.first > today}
    return Calendar(tuple(rows), str(PeriodKind.SEMESTER.label) in ahead, str(PeriodKind.TERM.label) in ahead)


@dataclass(frozen=True, slots=True)
class SettingRow:
    """`since` is None for a default; `next` is the value and date of a change already entered. `url` is empty for
    settings that information governance changes.
    """

    label: str
    policy: str
    value: object
    since: date | None
    next: tuple[object, date] | None
    url: str


AREAS = {
    "ELIG": "Eligibility and attendance",
    "APPT": "Reminders",
    "MAIL": "Queries and email",
    "DATA": "Personal data",
    "SEC": "Accounts and security",
}
"""The parts of the policy, by the beginning of a statement's id."""


def setting_rows(today: date) -> list[tuple[str, list[SettingRow]]]:
    """The settings by area of the policy. One query."""
    entered: dict[str, list[tuple[date, object]]] = {key: [] for key in SETTINGS}
    for key, value, from_day in PolicySetting.objects.order_by("effective_from").values_list(
        "key", "value", "effective_from"
    ):
        entered.setdefault(key, []).append((from_day, value))
    rows = [_setting_row(key, setting, entered[key], today) for key, setting in SETTINGS.items()]
    return [(name, [row for row in rows if row.policy.startswith(f"{area}-")]) for area, name in AREAS.items()]


def _setting_row(key: str, setting: Setting, entered: Sequence[tuple[date, object]], today: date) -> SettingRow:
    begun = [(day, value) for day, value in entered if day <= today]
    coming = [(value, day) for day, value in entered if day > today]
    since, value = begun[-1] if begun else (None, setting.default)
    url = reverse("admin:accounts_policysetting_add") + f"?key={key}" if setting.in_django_admin else ""
    return SettingRow(setting.label, setting.policy, value, since, coming[0] if coming else None, url)


@dataclass(frozen=True, slots=True)
class RoleRow:
    label: str
    count: int
    url: str


def role_rows() -> list[RoleRow]:
    """One query. All roles, including those that nobody has."""
    roles = User.objects.filter(is_active=True).annotate(role=Func(F("roles"), function="unnest"))
    counts = dict(roles.values("role").annotate(count=Count("pk")).values_list("role", "count"))
    listing = reverse("admin:accounts_user_changelist")
    return [
        RoleRow(str(label).capitalize(), counts.get(role, 0), f"{listing}?role={role}") for role, label in Role.choices
    ]


def messages() -> dict[str, int]:
    """One query."""
    counts: dict[str, int] = OutboxMessage.objects.aggregate(
        waiting=Count("pk", filter=Q(state__in=[DeliveryState.QUEUED, DeliveryState.SENDING])),
        failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
        unknown=Count("pk", filter=Q(state=DeliveryState.UNKNOWN)),
    )
    return counts


def exceptions_in_force(today: date) -> tuple[int, int]:
    """Two queries: holds and grants."""
    holds = Hold.objects.filter(during__contains=today, lifted_at__isnull=True).count()
    return holds, Grant.objects.usable(today).count()


def recent_changes() -> list[AuditEntry]:
    """One query. The latest changes that administrators made in Django's admin."""
    changes = AuditEntry.objects.filter(action__in=["added", "changed", "deleted"]).select_related("actor")
    return list(changes[:RECENT])


def provider_problems() -> list[str]:
    """Providers that are chosen but not configured."""
    email, sms = settings.MESSAGING_PROVIDERS["email"], settings.MESSAGING_PROVIDERS["sms"]
    problems = []
    if email.endswith("MailProvider") and not settings.DEFAULT_FROM_EMAIL:
        problems.append("Email has no sender: DEFAULT_FROM_EMAIL is not set.")
    if sms.endswith("TwilioProvider") and not (settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN):
        problems.append("Texts cannot be sent: no Twilio account is set.")
    return problems


@dataclass(frozen=True, slots=True)
class SigningIn:
    services: tuple[str, ...]
    sign_on_required: bool
    second_factor: bool


def signing_in() -> SigningIn:
    """No queries: these are settings of the installation, not of the policy."""
    names = tuple(each.name for each in settings.SIGN_ON_PROVIDERS)
    return SigningIn(names, settings.SIGN_ON_REQUIRED, settings.STAFF_NEED_SECOND_FACTOR)


def documents_problems() -> list[str]:
    """One query. Reports a scanner that is not configured or does not answer; waits a second at most."""
    asked, waiting = scanner(), how_many_wait()
    if asked is None:
        return [
            "No virus scanner is set up: documents are released after checks of their structure alone. "
            "Set CLAMD_ADDRESS to have them scanned."
        ]
    if not asked.answers():
        what = f"{waiting} document{'s' if waiting != 1 else ''} waiting" if waiting else "new documents will wait"
        return [f"The virus scanner does not answer: {what} in quarantine until it does."]
    return []


def warnings(
    types: Iterable[TypeRow], where: Places, when: Calendar, people: Iterable[RoleRow], failed: int, today: date
) -> list[str]:
    """Sentences about problems that people will soon run into. One query."""
    found = []
    for row in types:
        type, until = row.type, row.published_until
        if type.is_offered and (until is None or until < today):
            found.append(f"{type.name} is offered, but no adviser has published time for it.")
        if type.is_offered and not where.modes.intersection(type.modes):
            found.append(f"{type.name} is offered, but no location in use serves it.")
    if not when.has_next_semester:
        found.append("The next semester is not in the calendar yet: allocations a semester would never renew.")
    if not when.has_next_term:
        found.append("The next teaching term is not in the calendar yet: types held in term only would stop.")
    found += [f"Nobody has the role of {row.label.lower()}." for row in people if not row.count and row.label in NEEDED]
    if failed:
        found.append(f"{failed} message{'s' if failed > 1 else ''} failed and will not be tried again.")
    return found + provider_problems() + documents_problems()


NEEDED = {
    str(role.label).capitalize()
    for role in (Role.ADVISER, Role.CAREERS_MANAGER, Role.WELLBEING_LEAD, Role.INFORMATION_GOVERNANCE)
}


def configuration(today: date) -> dict[str, Any]:
    """What the page shows. Twelve queries."""
    types, where, when, people, sent = type_rows(), places(), calendar(today), role_rows(), messages()
    feed = feed_facts()
    holds, grants = exceptions_in_force(today)
    return {
        "warnings": warnings(types, where, when, people, sent["failed"], today) + feed.warnings,
        "feed": feed.last,
        "types": types,
        "places": where,
        "calendar": when,
        "policy_settings": setting_rows(today),
        "people": people,
        "outbox": sent,
        "holds": holds,
        "grants": grants,
        "changes": recent_changes(),
        "signing_in": signing_in(),
        "today": today,
    }
