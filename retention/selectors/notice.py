"""The privacy notice, generated from the settings in force and the schedule, so that nothing is stated twice."""

from __future__ import annotations

from calendar import month_name
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts.rules.policy import Policy
from foundation.values.counted import counted
from foundation.values.month_days import month_and_day
from retention.models import NoticeVersion
from retention.schedule.data_class import Then
from retention.schedule.of_a_person import OF_A_PERSON
from retention.schedule.own_clocks import WITH_THEIR_OWN_CLOCK


@dataclass(frozen=True, slots=True)
class NoticeSection:
    heading: str
    paragraphs: tuple[str, ...]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    def told(self) -> dict[str, Any]:
        rows = [list(row) for row in self.rows]
        return {
            "heading": self.heading, "paragraphs": list(self.paragraphs), "columns": list(self.columns), "rows": rows
        }  # fmt: skip


def privacy_notice(policy: Policy) -> list[NoticeSection]:
    """No queries. The institution’s own words stand beside what is generated."""
    own = _paragraphs(policy.notice_introduction)
    return [
        *([NoticeSection("About this notice", own)] if own else []),
        NoticeSection("Who we are", (*_who(policy), *_paragraphs(policy.notice_contact))),
        NoticeSection("What we hold, and why", HELD, ("Why", "What"), tuple(_by_reason())),
        NoticeSection("For how long", _how_long(policy)),
        NoticeSection("What we delete sooner", SOONER, ("What", "Deleted after"), tuple(_sooner(policy))),
        NoticeSection("How we use it", _purposes(policy)),
        NoticeSection("Who sees it", SEEN),
        NoticeSection("Who else receives it", receivers(policy)),
        NoticeSection("Your rights", _rights(policy)),
        NoticeSection("Cookies", COOKIES),
    ]


HELD = ("“What we hold about you” in your profile shows how much of each we hold, who sees it and how to correct it.",)
SOONER = ("We delete some data sooner.",)
SEEN = (
    "Careers staff: advisers, the front desk and careers managers. The front desk sees no notes of appointments and no "
    "documents. A document is yours alone until you share it or attach it to an appointment. We record who opens "
    "your notes or documents, and you can see who it was.",
)
COOKIES = (
    "One keeps you signed in, one protects forms, one remembers light or dark if you choose it. There are no others, "
    "and nobody else’s.",
)


def _paragraphs(words: str) -> tuple[str, ...]:
    """A blank line begins a new paragraph."""
    return tuple(each.strip() for each in words.split("\n\n") if each.strip())


def _who(policy: Policy) -> tuple[str, ...]:
    return (
        f"The careers service of {settings.BRAND['institution']}. Write to {policy.service_email} or call "
        f"{policy.service_phone}.",
    )


def _how_long(policy: Policy) -> tuple[str, ...]:
    month, day = month_and_day(policy.academic_year_ends)
    return (
        f"We keep your data for {counted(policy.retention_years, 'year')} from the end of the academic year ({day} "
        f"{month_name[month]}) in which you complete your course. If you take several courses, the last one counts. We "
        f"tell you {counted(policy.retention_warning_days, 'day')} before your last day. The night after it, we delete "
        "everything, including files and messages.",
        "We keep only anonymous statistics, an audit trail without names, and a random number that stops a backup from "
        "restoring your data. We keep data longer only while a suspected breach, a concern for someone’s safety, a "
        "request of yours or a legal claim is open.",
    )


def _by_reason() -> list[tuple[str, str]]:
    reasons: dict[str, list[str]] = {}
    for each in OF_A_PERSON:
        reasons.setdefault(each.why, []).append(each.name)
    return [(why, "; ".join(names)) for why, names in reasons.items()]


def _sooner(policy: Policy) -> list[tuple[str, ...]]:
    """What is left is said only where it is not nothing."""
    return [
        (each.name, f"{each.period_words(policy)} from {each.clock}{_leaving(each.then)}")
        for each in WITH_THEIR_OWN_CLOCK
    ]


def _leaving(then: Then) -> str:
    return "" if then == Then.DELETED else f" ({then})"


def _purposes(policy: Policy) -> tuple[str, ...]:
    office = " and contact from the alumni office" if policy.alumni_sharing else ""
    return (
        "To give you what you book and ask for, and to write to you about it. We always send these messages. We send "
        f"careers news{office} only if you choose it on your profile, and you can change your mind at any time.",
    )


def receivers(policy: Policy) -> tuple[str, ...]:
    found = [
        "We never pass data to employers. If we are seriously concerned for someone’s wellbeing, staff may contact the "
        "School or student support. We report a suspected breach to IT Services, the Information Governance Office and "
        "the School. We record both."
    ]
    if policy.alumni_sharing:
        link = f"{policy.alumni_office_link}, " if policy.alumni_office_link else ""
        found.append(
            "The alumni office receives the contact details of leavers who agreed, and we tell it if they change their "
            f"mind. Contact it about its records: {link}{policy.alumni_office_email}, {policy.alumni_office_phone}."
        )
    return tuple(found)


def _rights(policy: Policy) -> tuple[str, ...]:
    return (
        "You can ask for a copy of your data, to correct, move, restrict or delete it, and object to its use. Ask on "
        f"your profile under “Your data and your rights”, or write to {policy.service_email}. We answer within one "
        "calendar month. If we need up to two more, we tell you why within the first. You can download a copy for "
        f"{counted(policy.package_days, 'day')}.",
        "We acknowledge complaints within 30 days. You can also complain to the Information Commissioner: ico.org.uk.",
    )


def latest_version() -> NoticeVersion | None:
    return NoticeVersion.objects.first()
