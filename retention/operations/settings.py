"""Settings that delete data belong to information governance: two officers change one, from a later day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import PolicySetting, Proposal, ProposalKind, User
from accounts.models.user import UserQuerySet
from accounts.notices.two_people import proposals_page, tell
from accounts.operations.record_audit import record_audit
from accounts.operations.two_people import attempts_are_told, propose
from accounts.policy.registry import SETTINGS
from accounts.rules.policy import policy_in_force
from accounts.rules.two_person_kinds import TwoPersonKind, register_two_person_kind
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import database_now, local_day, plain_day
from retention.selectors.officers import officer_rows
from retention.selectors.setting_effects import effect_words

Value = int | str | bool


@dataclass(frozen=True, slots=True)
class SettingChange:
    key: str
    value: Value
    effective_from: date
    note: str = ""

    @property
    def row(self) -> PolicySetting:
        return PolicySetting(key=self.key, value=self.value, effective_from=self.effective_from, note=self.note)


def preview_setting(*, change: SettingChange, by: User) -> list[str]:
    """What the change would do, in sentences; changes nothing. Raises Refused as `ask_for_setting` does."""
    with attempts_are_told(by, _phrase(change), change.row, officer_rows()):
        _require_later(change)
        return effect_words(change.key, change.value, change.effective_from)


def ask_for_setting(*, change: SettingChange, by: User) -> Proposal:
    """Asks another officer to confirm the change.

    Raises Refused: `setting_twice`, `setting_same`, `proposed_already`, and recorded and told: `backdated`.
    """
    with attempts_are_told(by, _phrase(change), change.row, officer_rows()):
        return _ask(change, by)


@in_one_transaction
def _ask(change: SettingChange, by: User) -> Proposal:
    _require_later(change)
    before = getattr(policy_in_force(change.effective_from), change.key)
    if before == change.value:
        raise Refused("setting_same", "This is the value on that day already.", field="value", status=422)
    _require_free(change)
    return propose(
        kind=ProposalKind.SETTING, subject=change.key, by=by, reason=change.note, before=before, after=change.value,
        effective_from=str(change.effective_from),
    )  # fmt: skip


@in_one_transaction
def withdraw_setting(*, setting: PolicySetting, by: User) -> None:
    """Removes a change before its day. One officer is enough, and the others are told.

    Raises Refused (`setting_in_force`) from its day on.
    """
    locked = PolicySetting.objects.select_for_update().filter(pk=setting.pk).first()
    if locked is None or not SETTINGS[locked.key].erases or locked.effective_from <= local_day(database_now()):
        raise Refused("setting_in_force", "A value in force cannot be removed.", "Add another from a later day.")
    before = getattr(policy_in_force(locked.effective_from), locked.key)
    locked.delete()
    after = getattr(policy_in_force(locked.effective_from), locked.key)
    from_day = str(locked.effective_from)
    record_audit(
        actor=by, action="setting_withdrawn", on=locked, before=before, after=after, effective_from=from_day
    )  # fmt: skip
    tell(officer_rows(), what="withdrawn", said=_phrase(_change_of(locked)), by=by, page=proposals_page())


def _require_later(change: SettingChange) -> None:
    if change.effective_from <= local_day(database_now()):
        raise Refused(
            "backdated",
            "A setting that deletes data never applies to today or the past.",
            "Choose a day after today.",
            field="effective_from",
            status=422,
        )


def _require_free(change: SettingChange) -> None:
    if PolicySetting.objects.filter(key=change.key, effective_from=change.effective_from).exists():
        raise Refused(
            "setting_twice",
            "This setting already has a value from that day.",
            "Withdraw it first.",
            field="effective_from",
            status=422,
        )


def _phrase(change: SettingChange) -> str:
    label = SETTINGS[change.key].label
    return f"change “{label}” to {change.value} from {plain_day(change.effective_from)}"


def _change_of(setting: PolicySetting) -> SettingChange:
    return SettingChange(setting.key, setting.value, setting.effective_from, setting.note)


def _proposed(proposal: Proposal) -> SettingChange:
    said = proposal.details
    return SettingChange(proposal.subject, said["after"], date.fromisoformat(said["effective_from"]), proposal.reason)


def _perform(proposal: Proposal, by: User) -> None:
    """Refuses if the day has come while it waited: nobody would have the time to withdraw it."""
    change = _proposed(proposal)
    _require_later(change)
    _require_free(change)
    row = change.row
    before = getattr(policy_in_force(change.effective_from), change.key)
    row.set_by = by
    row.full_clean()
    row.save()
    record_audit(
        actor=by,
        action="setting_changed",
        on=row,
        before=before,
        after=change.value,
        effective_from=str(change.effective_from),
        asked_by=proposal.asked_by.public_id,
    )


def _effect(proposal: Proposal) -> list[str]:
    change = _proposed(proposal)
    return effect_words(change.key, change.value, change.effective_from)


def _officers(_: Proposal) -> UserQuerySet:
    return officer_rows()


def register_settings() -> None:
    how = TwoPersonKind(
        confirmers=_officers,
        told=_officers,
        says=lambda proposal: _phrase(_proposed(proposal)),
        effect=_effect,
        subject=lambda proposal: _proposed(proposal).row,
        perform=_perform,
    )
    register_two_person_kind(ProposalKind.SETTING, how)
