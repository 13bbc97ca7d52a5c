from allauth.socialaccount.models import SocialAccount

from accounts.models import NOT_STAFF, User
from accounts.operations.record_audit import record_audit
from accounts.rules.identity import Assertion
from accounts.rules.sign_on import KnownIdentity, may_be_bound, may_come_back
from foundation.outcomes.refusals import in_one_transaction, require


@in_one_transaction
def bind_identity(*, provider: str, assertion: Assertion) -> SocialAccount:
    """The first sign-in of an identity: binds it to the person with the asserted university id.

    Locks that person, so that two concurrent first sign-ins cannot both be bound. Raises Refused: `no_university_id`,
    `person_unknown`, `bound_to_another`, `email_of_staff`.
    """
    person = None
    if assertion.university_id:
        people = User.objects.select_for_update(no_key=True)
        person = people.filter(university_id=assertion.university_id).first()
    bound = SocialAccount.objects.filter(user=person, provider=provider).first() if person else None
    known = KnownIdentity(
        person_university_id=person.university_id if person else None,
        is_active=bool(person and person.is_active),
        bound_to=bound.uid if bound else None,
        email_is_of_staff=_is_of_other_staff(assertion.email, person),
    )
    require(may_be_bound(university_id=assertion.university_id, key=assertion.key, known=known), status=403)
    if bound is not None:
        return bound
    kept = {"issuer": assertion.issuer, "subject": assertion.subject}
    account = SocialAccount.objects.create(user=person, provider=provider, uid=assertion.key, extra_data=kept)
    assert person is not None  # noqa: S101 - may_be_bound has refused if there is no person
    record_audit(actor=person, action="identity_bound", on=person, provider=provider)
    return account


def check_identity(*, account: SocialAccount, assertion: Assertion) -> None:
    """Checks a later sign-in. Raises Refused: `identity_changed`, `email_of_staff`."""
    person = account.user
    known = KnownIdentity(
        person.university_id, person.is_active, account.uid, _is_of_other_staff(assertion.email, person)
    )
    require(may_come_back(university_id=assertion.university_id, known=known), status=403)


def _is_of_other_staff(email: str, person: User | None) -> bool:
    """Whether the asserted address belongs to another person with a staff role."""
    if not email:
        return False
    others = User.objects.with_email(email).exclude(pk=person.pk if person else None)
    return bool(others.exclude(roles__contained_by=list(NOT_STAFF)).exists())
