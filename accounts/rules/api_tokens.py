"""Which scopes and lifetime a token can have: never more than its owner's permissions."""

from collections.abc import Collection
from datetime import date, timedelta

from accounts.models import Role, Scope, User
from accounts.rules.policy import Policy
from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from foundation.values.times import spoken_day


def scopes_of(user: User) -> list[Scope]:
    """The scopes that are useful for the person's roles. Permissions are still checked for each request."""
    scopes = [Scope.PROFILE_READ]
    if user.is_student or user.is_careers_staff:
        scopes += [Scope.APPOINTMENTS_READ, Scope.APPOINTMENTS_WRITE, Scope.EVENTS_READ, Scope.EVENTS_WRITE]
    if user.is_student:
        scopes += [Scope.DOCUMENTS_READ, Scope.DOCUMENTS_WRITE]
    if user.is_student or user.is_careers_staff or user.has_role(Role.INFORMATION_GOVERNANCE):
        scopes += [Scope.QUERIES_READ, Scope.QUERIES_WRITE]
    if user.has_role(Role.ADMINISTRATOR):
        scopes.append(Scope.ACTIVITIES_WRITE)
    if user.has_role(Role.ALUMNI_RELATIONS):
        scopes.append(Scope.ALUMNI_READ)
    return scopes


def last_expiry(today: date, policy: Policy) -> date:
    """The last day that can be chosen, and the default."""
    return today + timedelta(days=policy.api_token_days)


def may_have_scopes(user: User, scopes: Collection[str]) -> Decision:
    if scopes and set(scopes) <= set(scopes_of(user)):
        return ALLOWED
    return refuse(
        "token_scopes", "Choose what the token may be used for.", "Choose from the things you can do yourself."
    )


def may_expire_on(day: date, today: date, policy: Policy) -> Decision:
    last = last_expiry(today, policy)
    if today <= day <= last:
        return ALLOWED
    return refuse("token_expiry", f"Choose a last day from today to {spoken_day(last)}.")


def may_have_another(usable: int, policy: Policy) -> Decision:
    if usable < policy.api_tokens_a_person:
        return ALLOWED
    return refuse("too_many_tokens", "You have the most tokens allowed.", "Revoke one that you no longer use.")
