"""A colleague in the scene who has been invited and has not signed in."""

from __future__ import annotations

from typing import Any

from accounts.models import Role, User
from accounts.operations.invite import NewColleague, add_colleague, invitation_url


def invited(administrator: User) -> dict[str, Any]:
    asked = NewColleague("New", "Colleague", "new.colleague@example.ac.uk", [Role.EDITOR])
    colleague = add_colleague(colleague=asked, by=administrator)
    assert colleague.invited_at
    token = invitation_url(colleague, colleague.invited_at).rstrip("/").rpartition("/")[2]
    return {"colleague": {"public_id": colleague.public_id}, "invitation": {"token": token}}
