"""What a person is told about their account, in dignified words: what it means, what happens next, whom to ask."""

from messaging.models import Channel
from messaging.notices.notice import Notice
from security.models import SecurityCase

SUSPENDED, REINSTATED, TERMINATED = (
    "security.account_suspended",
    "security.account_reinstated",
    "security.account_terminated",
)


def about_account(event: str, case: SecurityCase) -> Notice:
    """`event`: suspended, reinstated or terminated; an email at once, once for each case."""
    kind = f"security.account_{event}"
    return Notice(
        kind=kind,
        channel=Channel.EMAIL,
        recipient=case.person,
        regarding=case.public_id,
        dedupe_key=f"{kind}:{case.public_id}",
        context={"case": case.public_id},
    )
