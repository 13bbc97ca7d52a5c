"""Before the University's sign-on ends, people add a personal email address and their own way to sign in."""

from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.models.user import UserQuerySet
from accounts.notices.letters import letter
from accounts.operations.record_audit import record_audit
from accounts.operations.write_to_unproven import write_to_unproven
from accounts.rules.keep_access import step_on
from accounts.rules.policy import policy_in_force
from accounts.selectors.keep_access import keep_access_of, whose_sign_on_ends
from foundation.outcomes.refusals import Refused, in_one_transaction
from foundation.values.times import spoken_day, spoken_span

SALT = "accounts.personal_email"
LINK_WORKS_FOR = timedelta(days=1)


@in_one_transaction
def ask_personal_email(*, person: User, email: str, by: User | None) -> None:
    """Sends a link to the address; nothing is saved until it is opened.

    If somebody else has the address, the email contains no link, and the page says the same either way. Raises Refused:
    `email_of_university` for an address that ends with the University account, `too_many_letters` after a few emails a
    day.
    """
    email = email.strip().lower()
    if email.partition("@")[2] == person.email.lower().partition("@")[2]:
        raise Refused(
            "email_of_university",
            "This address belongs to the University and ends with your account there.",
            "Enter an address you will keep, such as the one you use with friends and family.",
            field="email",
            status=422,
        )
    template = f"account/email/personal_email{'_taken' if _is_taken(email, person) else ''}"
    write_to_unproven(template=template, to=email, person=person, link=confirm_url(person, email))
    record_audit(actor=by, action="personal_email_asked", on=person)


@in_one_transaction
def confirm_personal_email(*, token: str) -> User:
    """Saves the address that the link was sent to and replaces an earlier one. Confirming twice changes nothing more.

    Locks the person. Raises Refused: `link_dead` as `read_link` does; `email_taken` if somebody else has got the
    address meanwhile.
    """
    person, email = read_link(token, User.objects.select_for_update(no_key=True))
    if _is_taken(email, person):
        raise Refused("email_taken", "Another account already uses this email address.", "Use another one.")
    if person.personal_email == email:
        return person
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=False)
    person.personal_email = email
    person.save(update_fields=["personal_email"])
    record_audit(actor=person, action="personal_email_confirmed", on=person)
    return person


def read_link(token: str, people: UserQuerySet | None = None) -> tuple[User, str]:
    """The link's person and address. One query.

    Raises Refused (`link_dead`) if the link is forged or older than a day, if the account is closed, or if the account
    was suspended or its password changed after the link was sent.
    """
    try:
        public_id, email, epoch = signing.loads(token, salt=SALT, max_age=LINK_WORKS_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        raise _link_dead() from None
    found = User.objects.all() if people is None else people
    person = found.filter(public_id=public_id, is_active=True, sign_in_epoch=epoch).first()
    if person is None:
        raise _link_dead()
    return person, str(email)


def confirm_url(person: User, email: str) -> str:
    token = signing.dumps([person.public_id, email, person.sign_in_epoch], salt=SALT)
    return f"{settings.SITE_URL}{reverse('personal_email_confirm', args=[token])}"


def remind_to_keep_access(*, on: date) -> int:
    """Emails everybody who is due on that day; returns how many emails were requested.

    It can run any number of times: each person gets one email for each end date and step.
    """
    policy = policy_in_force(on)
    last = on + timedelta(days=policy.keep_access_days_before)
    reminded = 0
    for person, ends_on in whose_sign_on_ends(on, last, policy.sign_on_days_after_course):
        step = step_on(ends_on, on, policy)
        if step and not keep_access_of(person, ends_on).is_ready:
            _remind(person, ends_on, step)
            reminded += 1
    return reminded


@transaction.atomic
def _remind(person: User, ends_on: date, step: str) -> None:
    said = {"user": person, "ends": spoken_day(ends_on), "link": settings.SITE_URL + reverse("keep_access")}
    once = f"keep_access:{person.public_id}:{ends_on.isoformat()}:{step}"
    of_use_for = timedelta(days=7)
    letter("account/email/keep_access", person.email, said, once=once, of_use_for=of_use_for).send()


def _is_taken(email: str, person: User) -> bool:
    return bool(User.objects.with_email(email).exclude(pk=person.pk).exists())


def _link_dead() -> Refused:
    return Refused(
        "link_dead",
        "This link no longer works.",
        f"Links work for {spoken_span(LINK_WORKS_FOR)}. Ask for a new one.",
        status=404,
    )
