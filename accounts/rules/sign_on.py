"""Whether somebody asserted by a sign-on service can sign in. No queries: the facts are passed in."""

from dataclasses import dataclass
from datetime import date

from foundation.outcomes.decisions import ALLOWED, Decision, refuse

ASK = "Write to the careers service from your University address, and say which sign-in you used."


@dataclass(frozen=True, slots=True)
class KnownIdentity:
    """What we know about the person with the asserted university id; `None` if there is nobody.

    `bound_to` is the key of the identity already bound for this provider. `email_is_of_staff`: the asserted address
    belongs to another person, who is staff.
    """

    person_university_id: str | None
    is_active: bool = False
    bound_to: str | None = None
    email_is_of_staff: bool = False


def may_be_bound(*, university_id: str, key: str, known: KnownIdentity) -> Decision:
    """The first sign-in: only a university id that we already know identifies a person, never an email address."""
    if known.email_is_of_staff:
        return refuse("email_of_staff", "This sign-in has the email address of another account.", ASK)
    if not university_id:
        return refuse("no_university_id", "Your University’s sign-in did not tell us your university number.", ASK)
    if known.person_university_id is None or not known.is_active:
        return refuse(
            "person_unknown",
            "The careers service does not know you yet. You cannot create an account by signing in.",
            "If you have just enrolled or joined, try again tomorrow. Otherwise, contact the careers service.",
        )
    if known.bound_to is not None and known.bound_to != key:
        return refuse("bound_to_another", "Your account here belongs to another sign-in of the University.", ASK)
    return ALLOWED


def may_come_back(*, university_id: str, known: KnownIdentity) -> Decision:
    """A later sign-in of a bound identity: it must still belong to the same person."""
    if known.email_is_of_staff:
        return refuse("email_of_staff", "This sign-in has the email address of another account.", ASK)
    if university_id and known.person_university_id and university_id != known.person_university_id:
        return refuse("identity_changed", "The University’s sign-in now belongs to a different person.", ASK)
    return ALLOWED


def sign_on_ends_on(course_ends: list[date | None], days_after_course: int) -> date | None:
    """The last day of the University's sign-on, after the last course. None if the end of any course is unknown."""
    known = [end for end in course_ends if end is not None]
    if not course_ends or len(known) < len(course_ends):
        return None
    return date.fromordinal(max(known).toordinal() + days_after_course)
