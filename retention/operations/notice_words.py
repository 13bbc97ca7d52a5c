"""The institution's own words in the privacy notice, from a day on. The next night saves the new version."""

from __future__ import annotations

from datetime import date

from accounts.models import PolicySetting, User
from accounts.operations.record_audit import record_audit
from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now, local_day

KEYS = ("notice_introduction", "notice_contact")


@in_one_transaction
def change_notice_words(*, words: dict[str, str], effective_from: date, by: User) -> int:
    """Saves the words that differ from those in force on that day; returns how many of `KEYS` changed.

    Raises Refused: `notice_day` for today or the past, `setting_twice` if somebody has set words for that day.
    """
    if effective_from <= local_day(database_now()):
        raise Refused(
            "notice_day", "The notice of a past day never changes.", "Choose a day after today.",
            field="effective_from", status=422,
        )  # fmt: skip
    policy = policy_in_force(effective_from)
    changed = [key for key in KEYS if words[key] != getattr(policy, key)]
    for key in changed:
        row = PolicySetting(key=key, value=words[key], effective_from=effective_from, set_by=by)
        row.save(force_insert=True)
        record_audit(actor=by, action="notice_words_changed", on=row, effective_from=str(effective_from))
    return len(changed)
