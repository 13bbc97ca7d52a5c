"""Generates the privacy notice each night and saves a new version if it has changed."""

from __future__ import annotations

from typing import Any

from accounts.operations.record_audit import Subject, record_audit
from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import in_one_transaction
from foundation.values.times import database_now, local_day
from retention.models import NoticeVersion
from retention.selectors.notice import latest_version, privacy_notice


@in_one_transaction
def keep_notice() -> NoticeVersion | None:
    """The new version, or None if nothing has changed."""
    now, before = database_now(), latest_version()
    sections = [section.told() for section in privacy_notice(policy_in_force(local_day(now)))]
    if before is not None and before.sections == sections:
        return None
    version = NoticeVersion.objects.create(
        number=before.number + 1 if before else 1,
        from_day=local_day(now),
        made_at=now,
        sections=sections,
        changes=changes(before.sections, sections) if before else [],
    )
    record_audit(actor=None, action="notice_changed", on=Subject("privacy_notice", str(version.number)))
    return version


def changes(before: list[dict[str, Any]], since: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The differences between two versions, by paragraph and table row."""
    earlier, later = _said(before), _said(since)
    gone = [(heading, words) for heading, words in earlier if (heading, words) not in later]
    new = [(heading, words) for heading, words in later if (heading, words) not in earlier]
    found = []
    for heading in dict.fromkeys(heading for heading, _ in [*gone, *new]):
        was = [words for each, words in gone if each == heading]
        now = [words for each, words in new if each == heading]
        for number in range(max(len(was), len(now))):
            found.append(
                {
                    "heading": heading,
                    "was": was[number] if number < len(was) else "",
                    "now": now[number] if number < len(now) else "",
                }
            )
    return found


def _said(sections: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (section["heading"], words)
        for section in sections
        for words in [*section["paragraphs"], *(": ".join([row[0], ", ".join(row[1:])]) for row in section["rows"])]
    ]
