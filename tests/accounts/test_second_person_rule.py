"""One rule for everything that takes two people (`accounts.rules.two_people`)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Proposal, User
from accounts.rules.two_people import may_confirm_proposal

ASKER, SUBJECT, THIRD = 1, 2, 3


@pytest.mark.parametrize(
    ("by", "confirms", "late", "codes"),
    [
        (THIRD, True, False, []),
        (THIRD, False, False, ["not_yours"]),
        (THIRD, True, True, ["proposal_over"]),
        (ASKER, True, False, ["second_person_needed"]),
        (SUBJECT, True, False, ["about_yourself"]),
    ],
)
def test_the_rule(by: int, confirms: bool, late: bool, codes: list[str]) -> None:
    now = timezone.now()
    expires = now - timedelta(days=1) if late else now + timedelta(days=1)
    proposal = Proposal(kind="role", asked_by_id=ASKER, person_id=SUBJECT, expires_at=expires)
    decision = may_confirm_proposal(proposal, User(pk=by), confirms=confirms, now=now)
    assert [reason.code for reason in decision.reasons] == codes
