from accounts.access.permissions import RolePage
from accounts.models import CAREERS_STAFF, Role


class LeadPage(RolePage):
    """Wellbeing leads; for everybody else there is nothing here (DATA-6)."""

    roles = frozenset({Role.WELLBEING_LEAD})


class RaisePage(RolePage):
    """Colleagues who meet students."""

    roles = frozenset({*CAREERS_STAFF, Role.WELLBEING_LEAD})
