from datetime import timedelta

from accounts.models import EventKind, User
from accounts.notices.letters import letter
from accounts.operations.count_events import Limit, require_count
from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import in_one_transaction

DAY = timedelta(days=1)


@in_one_transaction
def write_to_unproven(*, template: str, to: str, person: User, link: str, days: int = 1) -> None:
    """Sends an email to an address that nobody has confirmed yet. Use only this, because the address may be a
    stranger's.

    Limited per day for each person and each address (`unproven_letters_a_day`); beyond that raises Refused
    (`too_many_letters`) with the same message for both. The template gets the address, the link and the days
    for which it works, and nothing that a person has chosen, such as a name.
    """
    most = policy_in_force().unproven_letters_a_day
    about = (f"person:{person.pk}", f"address:{to.strip().lower()}")
    require_count(
        *(Limit(EventKind.UNPROVEN_LETTER, each, most, DAY) for each in about),
        code="too_many_letters",
        message="We can’t send another link yet.",
        remedy="Look for our last email, and check your junk folder.",
        field="email",
    )
    said = {"email": to, "link": link, "days": days}
    letter(template, to, said, of_use_for=timedelta(days=days)).send()
