from accounts.access.permissions import GovernancePage, RecentAuthenticationRequired, RolePage, StudentPage
from accounts.models import Role


class GovernanceAction(RecentAuthenticationRequired, GovernancePage):
    """Where information governance acts: after proving once more who they are."""


class WellbeingPage(RolePage):
    """What is confidential from everybody but wellbeing leads: they alone say whether it goes into a copy."""

    roles = frozenset({Role.WELLBEING_LEAD})


class NamesPage(RolePage):
    """Names in other people's texts: in concerns for wellbeing leads, everywhere else for information governance."""

    roles = frozenset({Role.INFORMATION_GOVERNANCE, Role.WELLBEING_LEAD})


class FreshStudentPage(RecentAuthenticationRequired, StudentPage):
    """Where somebody takes their own data along."""
