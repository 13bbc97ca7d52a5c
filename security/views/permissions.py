from accounts.access.permissions import RecentAuthenticationRequired, RolePage
from accounts.models import Role


class OfficerPage(RolePage):
    """Information governance only; everybody else, including administrators and managers, gets 404."""

    roles = frozenset({Role.INFORMATION_GOVERNANCE})


class SecurityAction(RecentAuthenticationRequired, OfficerPage):
    """For actions of information governance: requires a recent sign-in."""
