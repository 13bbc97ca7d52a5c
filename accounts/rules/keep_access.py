"""What somebody still needs to sign in after the University's sign-on has ended. No queries."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.rules.policy import Policy


@dataclass(frozen=True, slots=True)
class AccessDeadline:
    """`ends_on` is the last day of the University's sign-on; None if it is not known yet."""

    ends_on: date | None
    personal_email: str
    has_password: bool
    has_passkey: bool

    @property
    def is_ready(self) -> bool:
        return bool(self.personal_email) and (self.has_password or self.has_passkey)

    def is_ended(self, today: date) -> bool:
        return self.ends_on is not None and today > self.ends_on


def is_asked(ends_on: date, today: date, policy: Policy) -> bool:
    """Whether to ask: from the set number of days before the end, and after it."""
    return today >= ends_on - timedelta(days=policy.keep_access_days_before)


def step_on(ends_on: date, today: date, policy: Policy) -> str:
    """Which email is due: `first`, `again`, or none (too early, or after the end)."""
    left = (ends_on - today).days
    if left < 0 or left > policy.keep_access_days_before:
        return ""
    return "again" if left <= policy.keep_access_again_days_before else "first"
