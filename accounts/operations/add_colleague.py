"""Adds a member of staff. Roles that take two people are asked for, and given when somebody confirms them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.models import GUARDED, Role, User
from accounts.operations.invite import invite
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from accounts.operations.roles import give_role, record_role
from foundation.outcomes.refusals import Refused, in_one_transaction

WHO_CONFIRM = 2
"""Administrators who have signed in before the command refuses: with two, one can confirm what the other asks."""


@dataclass(frozen=True, slots=True)
class NewColleague:
    given_name: str
    family_name: str
    email: str
    roles: Sequence[str]
    university_id: str = ""

    @property
    def guarded(self) -> list[str]:
        return [role for role in self.roles if role in GUARDED]


@in_one_transaction
def add_colleague(*, colleague: NewColleague, by: User, once: str = "") -> User:
    """Adds a member of staff and invites them. Sent twice with one key (`once`), it adds one.

    Somebody with guarded roles only is invited when the first of them is confirmed. Raises Refused: `email_taken`,
    `university_id_taken`, or as `invite` does.
    """
    key = Once(by, once, ("colleague", colleague.email.lower()))
    if earlier := key.earlier():
        made: User = User.objects.get(public_id=earlier)
        return made
    _require_nobody_has(colleague)
    at_once = [role for role in colleague.roles if role not in GUARDED]
    person = _create(colleague, at_once, by)
    for role in colleague.guarded:
        give_role(person=person, role=role, by=by)
    if at_once:
        invite(person=person, by=by)
    key.remember(person.public_id)
    return person


@in_one_transaction
def add_first_administrator(*, colleague: NewColleague) -> tuple[User, str]:
    """Adds an administrator and invites them; returns the link too. Again for the same address, it sends a new link.

    The only way to this role without a second person: it refuses (`administrator_exists`) once two administrators have
    signed in, who can confirm each other's requests. The other holders are told. Raises Refused: `email_taken` by
    somebody who is no administrator.
    """
    administrators = User.objects.holding(Role.ADMINISTRATOR)
    person = administrators.with_email(colleague.email).first()
    joined = administrators.filter(last_login__isnull=False).count()
    if joined >= WHO_CONFIRM or (person is not None and person.last_login):
        raise Refused(
            "administrator_exists",
            "There is an administrator already.",
            "They can add people on the page Colleagues.",
        )
    if person is None:
        _require_nobody_has(colleague)
        person = _create(colleague, colleague.roles, None)
    return person, invite(person=person, by=None)


def _create(colleague: NewColleague, roles: Iterable[str], by: User | None) -> User:
    person: User = User.objects.create_user(
        colleague.email,
        given_name=colleague.given_name,
        family_name=colleague.family_name,
        university_id=colleague.university_id or None,
        roles=list(roles),
    )
    record_audit(actor=by, action="added", on=person, roles=", ".join(person.roles))
    for role in person.roles:
        record_role(person=person, role=role, by=by, before=[])
    return person


def _require_nobody_has(colleague: NewColleague) -> None:
    if User.objects.with_email(colleague.email).exists():
        raise Refused("email_taken", "Another account already uses this email address.", field="email", status=422)
    if colleague.university_id and User.objects.filter(university_id=colleague.university_id).exists():
        raise Refused(
            "university_id_taken", "Another account already has this university ID.", field="university_id", status=422
        )
