from accounts.access.permissions import FreshSignIn, RolePage
from accounts.models import Role


class OfficerPage(RolePage):
    """Information governance reads; for everybody else, administrators and managers too, there is nothing here."""

    roles = frozenset({Role.INFORMATION_GOVERNANCE})


class OfficerAction(FreshSignIn, OfficerPage):
    """Where information governance acts: after proving once more who they are."""
