"""Giving and taking away roles of staff. A guarded role is given by two people, and taken away by one."""

from accounts.models import GUARDED, Proposal, ProposalKind, Role, User
from accounts.models.user import UserQuerySet
from accounts.notices.two_people import roles_page, tell
from accounts.operations.invite import invite
from accounts.operations.lock_people import lock_people
from accounts.operations.record_audit import record_audit
from accounts.operations.two_people import (
    attempts_are_told,
    propose,
    record_attempt,
)
from accounts.rules.two_people import ABOUT_YOURSELF
from accounts.rules.two_person_kinds import TwoPersonKind, register_two_person_kind
from foundation.outcomes.decisions import ALLOWED
from foundation.outcomes.refusals import Refused, in_one_transaction, require

EFFECTS = {
    Role.WELLBEING_LEAD: "They can read every concern about a student and decide about copies of them.",
    Role.INFORMATION_GOVERNANCE: "They can read security cases and the audit trail, and decide about retention, legal "
    "holds and requests about data.",
    Role.ADMINISTRATOR: "They can change the configuration and the accounts, and confirm roles.",
}


def give_role(*, person: User, role: str, by: User) -> Proposal | None:
    """Gives the role at once, or asks for a second person if it is guarded.

    Raises Refused: `role_held`, `proposed_already`, and recorded and told: `about_yourself`.
    """
    if role not in GUARDED:
        change_role(person=person, role=role, by=by, gives=True)
        return None
    with attempts_are_told(by, phrase(person, role), person, told_of(person, role)):
        return _ask(person, role, by)


@in_one_transaction
def _ask(person: User, role: str, by: User) -> Proposal:
    require(ABOUT_YOURSELF if person.pk == by.pk else ALLOWED, status=403)
    if person.has_role(role):
        raise _held()
    return propose(kind=ProposalKind.ROLE, subject=role, person=person, by=by)


@in_one_transaction
def take_role(*, person: User, role: str, by: User) -> None:
    """Takes the role away at once; the others who hold a guarded role are told.

    Raises Refused: `role_not_held`, or `last_administrator`.
    """
    others = User.objects.holding(Role.ADMINISTRATOR).exclude(pk=person.pk)
    if role == Role.ADMINISTRATOR and not others.exists():
        raise Refused("last_administrator", "Nobody else is an administrator.", "Add another administrator first.")
    change_role(person=person, role=role, by=by, gives=False)


@in_one_transaction
def change_role(*, person: User, role: str, by: User | None, gives: bool, asked_by: User | None = None) -> None:
    """Changes one role and records what the person had before and after. Locks the person.

    Only an operation that has checked who may give the role calls it.
    """
    lock_people(person)
    locked = User.objects.get(pk=person.pk)
    before = list(locked.roles)
    if gives is (role in before):
        raise _held() if gives else Refused("role_not_held", "They do not have this role any more.")
    locked.roles = person.roles = [*before, role] if gives else [each for each in before if each != role]
    locked.save(update_fields=["roles"])
    record_role(person=locked, role=role, by=by, before=before, asked_by=asked_by)


def record_role(
    *, person: User, role: str, by: User | None, before: list[str], asked_by: User | None = None
) -> None:  # fmt: skip
    """Records that a role was given or taken away, and tells the holders of a guarded one."""
    what = "given" if role in person.roles else "taken"
    record_audit(
        actor=by,
        action=f"role_{what}",
        on=person,
        role=role,
        before=", ".join(before),
        after=", ".join(person.roles),
        asked_by=asked_by.public_id if asked_by else None,
    )
    if role in GUARDED and asked_by is None:
        said = phrase(person, role) if what == "given" else f"{person.name} no longer has the role {Role(role).label}"
        tell(told_of(person, role), what=what, said=said, by=by, page=roles_page())


def tell_closed(*, person: User, by: User) -> None:
    """Tells the holders of a guarded role that an account with it was closed: that takes the role away too."""
    for role in person.guarded_roles:
        said = f"the account of {person.name}, who has the role {Role(role).label}, was closed"
        tell(told_of(person, role), what="taken", said=said, by=by, page=roles_page())


def refuse_role_alone(*, person: User, role: str, by: User) -> None:
    """Records and tells that somebody tried to give a guarded role without a second person."""
    record_attempt(
        by=by, code="second_person_needed", said=phrase(person, role), subject=person, told=told_of(person, role)
    )


def phrase(person: User, role: str) -> str:
    return f"give {person.name} the role {Role(role).label}"


def told_of(person: User, role: str) -> UserQuerySet:
    """Holders of the role, information governance, and the administrators who can confirm it.

    Not the person themselves while they have not signed in: they get the invitation.
    """
    held: UserQuerySet = User.objects.holding(role, Role.INFORMATION_GOVERNANCE, Role.ADMINISTRATOR)
    return held.exclude(pk=person.pk, last_login__isnull=True).order_by("pk")


def _held() -> Refused:
    return Refused("role_held", "They have this role already.")


def _person(proposal: Proposal) -> User:
    assert proposal.person  # noqa: S101 - `give_role` always names one
    return proposal.person


def _effect(proposal: Proposal) -> list[str]:
    person = _person(proposal)
    account = f"Their account is {person.email}."
    return [EFFECTS[Role(proposal.subject)], account, *([] if person.is_active else ["The account is closed."])]


def _perform(proposal: Proposal, by: User) -> None:
    change_role(person=_person(proposal), role=proposal.subject, by=by, gives=True, asked_by=proposal.asked_by)
    person = _person(proposal)
    if person.roles == [proposal.subject] and not person.last_login and not person.invited_at:
        invite(person=person, by=by)  # their invitation has waited for their first role


def register_roles() -> None:
    how = TwoPersonKind(
        confirmers=lambda proposal: User.objects.holding(proposal.subject, Role.ADMINISTRATOR),
        told=lambda proposal: told_of(_person(proposal), proposal.subject),
        says=lambda proposal: phrase(_person(proposal), proposal.subject),
        effect=_effect,
        subject=_person,
        perform=_perform,
    )
    register_two_person_kind(ProposalKind.ROLE, how)
