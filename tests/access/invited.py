"""A colleague in the scene who has been invited and has not signed in."""

from __future__ import annotations

from typing import Any

from accounts.models import Role, User
from accounts.operations.add_colleague import NewColleague, add_colleague
from accounts.operations.invite import invitation_url
from accounts.operations.roles import give_role
from tests.factories import UserFactory


def invited(administrator: User) -> dict[str, Any]:
    asked = NewColleague("New", "Colleague", "new.colleague@example.ac.uk", [Role.EDITOR])
    colleague = add_colleague(colleague=asked, by=administrator)
    assert colleague.invited_at
    token = invitation_url(colleague, colleague.invited_at).rstrip("/").rpartition("/")[2]
    asker = UserFactory(roles=[Role.ADMINISTRATOR])
    proposal = give_role(person=colleague, role=Role.WELLBEING_LEAD, by=asker)
    assert proposal
    return {
        "proposal": {"public_id": proposal.public_id},
        "colleague": {"public_id": colleague.public_id},
        "invitation": {"token": token},
    }
