"""Emails to a person about their account: what happened, what happens next, and whom to contact."""

from messaging.models import Channel
from messaging.notices.notice import Notice
from security.models import SecurityCase

SUSPENDED, REINSTATED, TERMINATED = (
    "security.account_suspended",
    "security.account_reinstated",
    "security.account_terminated",
)


def about_account(event: str, case: SecurityCase) -> Notice:
    """An immediate email, once per case. `event` is suspended, reinstated or terminated."""
    kind = f"security.account_{event}"
    return Notice(
        kind=kind,
        channel=Channel.EMAIL,
        recipient=case.person,
        regarding=case.public_id,
        dedupe_key=f"{kind}:{case.public_id}",
        context={"case": case.public_id},
    )
