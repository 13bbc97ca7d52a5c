from accounts.models import Role
from accounts.permissions import RolePage


class OfficerPage(RolePage):
    """Information governance reads; for everybody else, administrators and managers too, there is nothing here."""

    roles = frozenset({Role.INFORMATION_GOVERNANCE})


class OfficerAction(OfficerPage):
    """Where information governance acts. Re-authentication belongs here: `class OfficerAction(FreshSignIn, …)`."""
