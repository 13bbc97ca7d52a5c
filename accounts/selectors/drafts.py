"""What somebody typed before, for the page that they typed it on."""

from datetime import timedelta

from accounts.models import Draft, SignIn, User
from accounts.rules.drafts import Typed, opened_draft
from accounts.rules.policy import policy_in_force
from foundation.values.times import database_now


def drafts_on(person: User, path: str) -> list[tuple[Draft, Typed]]:
    """At most three queries. The person's unsent drafts of this page."""
    found = [draft for draft in live_drafts(person) if draft.page.partition("?")[0] == path]
    return [(draft, opened_draft(bytes(draft.sealed), person.public_id)) for draft in found]


def live_drafts(person: User) -> list[Draft]:
    """Without those whose day is over; the nightly run deletes them."""
    since = database_now() - timedelta(days=policy_in_force().draft_days)
    return list(Draft.objects.visible_to(person).filter(saved_at__gte=since))


def person_behind(sign_in: str) -> User | None:
    """One query. Whose sign-in this was; nobody if they have since ended it, because it may have been somebody else."""
    rows = SignIn.objects.filter(public_id=sign_in, remembered=True, person__is_active=True)
    found = rows.select_related("person").first()
    return found.person if found else None
