"""What pages for students must still say, however short they become: facts of the policy, not sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

PAGES = Path(__file__).parent / "snapshots" / "test_pages"


def must(page: str, statement: str, *facts: str) -> Any:
    return pytest.param(page, facts, marks=pytest.mark.policy(statement), id=f"{page}-{statement}")


@pytest.mark.parametrize(
    ("page", "facts"),
    [
        must("home", "ELIG-1", "3 of 4 left", "3 an academic year", "Eligibility for services"),
        must("home", "ELIG-2", "cancel in time does not count", "miss does", "missed you"),
        must("home", "APPT-1", "Confidential", "Private room"),
        must("type_list", "ELIG-1", "3 of 4 left", "Eligibility for services"),
        must("booking_details-type-with-time", "APPT-1", "Confidential", "Private room"),
        must("booking_details-type-with-time", "APPT-4", "front desk cannot"),
        must("booking_booked-booking", "APPT-1", "Confidential", "Private room"),
        must("booking_booked-booking", "APPT-5", "confirmation", "by email", "by text message", "calendar"),
        must("booking_booked-booking", "ELIG-2", "until it starts", "10 minutes late", "counts"),
        must("booking_detail-booking", "APPT-5", "Reminder by email", "Reminder by text message"),
        must("eligibility_list", "ELIG-1", "Who", "How many", "Three an academic year", "When", "60 days", "Where"),
        must("eligibility_list", "ELIG-2", "until it starts", "10 minutes late", "additional"),
        must("eligibility_list", "APPT-1", "Confidential", "in private"),
        must("eligibility_list", "APPT-3", "not recorded without your permission"),
        must("eligibility_list", "TEL-1", "call is not recorded"),
        must("policies", "ELIG-1", "Who can book", "How many", "When", "3 an academic year"),
        must("policies", "ELIG-2", "until it starts", "extenuating circumstances", "additional", "records why"),
        must("policies", "ELIG-3", "check that you are well", "on hold", "why and until when", "appeal"),
        must("policies", "APPT-1", "Confidential", "Atrium room 0", "before you book", "confirmation", "adviser"),
        must("policies", "APPT-3", "not recorded unless you give permission", "withdraw"),
        must("policies", "TEL-1", "Telephone calls are not recorded"),
        must("policies", "APPT-4", "confidential within the careers service", "wellbeing", "School", "record"),
        must("policies", "APPT-5", "24 hours", "by email", "by text", "no reminder"),
        must("policies", "SEC-1", "belongs to one person", "breach", "person looks"),
        must("policies", "SEC-2", "cannot be handed to another"),
        must("policies", "SEC-3", "IT Services", "Information Governance Office", "School"),
        must("policies", "SEC-4", "graduate", "suspend", "held, not lost", "two people"),
        must("privacy", "DATA-1", "careers news", "alumni office", "only if you choose", "change your mind"),
        must("privacy", "DATA-2", "copy", "correct", "restrict", "delete", "object", "one calendar month", "14 days"),
        must("privacy", "DATA-3", "Your programme of study", "Notes of appointments", "Documents", "reach you"),
        must("privacy", "DATA-4", "3 years", "31 July", "last one counts", "60 days"),
        must("privacy", "DATA-5", "alumni office", "contact details"),
        must("privacy", "DATA-6", "never pass data to employers", "wellbeing", "School", "student support"),
        must("privacy", "MAIL-1", "2 months", "query is last resolved"),
        must("held_list", "DATA-3", "Your programme of study", "Notes of appointments", "Documents", "reach you"),
        must("held_list", "DATA-4", "3 years", "31 July", "60 days"),
        must("held_list", "DATA-2", "copy", "correct", "delete", "one calendar month"),
        must("held_list", "DATA-6", "never pass data to employers", "wellbeing"),
        must("profile_edit", "SEC-1", "Where you are signed in"),
        must("profile_edit", "DATA-3", "What we hold about you"),
        must("profile_edit", "DATA-2", "Your data and your rights"),
        must("profile_edit", "DATA-1", "What you hear from us"),
        must("profile_edit", "APPT-5", "reminders by text", "remind you by email"),
    ],
)  # fmt: skip
def test_it_still_says(page: str, facts: tuple[str, ...]) -> None:
    words = (PAGES / f"test_page[{page}].txt").read_text()
    assert [fact for fact in facts if fact not in words] == []
