from accounts.access.permissions import GovernancePage, RecentAuthenticationRequired, RolePage, StudentPage
from accounts.models import Role


class GovernanceAction(RecentAuthenticationRequired, GovernancePage):
    """For actions of information governance: requires a recent sign-in."""


class WellbeingPage(RolePage):
    """Wellbeing leads only: they alone decide whether confidential data is part of a copy."""

    roles = frozenset({Role.WELLBEING_LEAD})


class NamesPage(RolePage):
    """Names in other people's texts: wellbeing leads see those in concerns, information governance all others."""

    roles = frozenset({Role.INFORMATION_GOVERNANCE, Role.WELLBEING_LEAD})


class FreshStudentPage(RecentAuthenticationRequired, StudentPage):
    """Where people download their own data: requires a recent sign-in."""
