from accounts.access.permissions import RecentAuthenticationRequired, RolePage
from accounts.models import Role


class OfficerPage(RolePage):
    """Information governance reads; for everybody else, administrators and managers too, there is nothing here."""

    roles = frozenset({Role.INFORMATION_GOVERNANCE})


class SecurityAction(RecentAuthenticationRequired, OfficerPage):
    """Where information governance acts: after proving once more who they are."""
