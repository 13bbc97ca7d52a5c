from accounts.access.permissions import RolePage
from accounts.models import CAREERS_STAFF, Role


class LeadPage(RolePage):
    """Wellbeing leads only; everybody else gets 404 (DATA-6)."""

    roles = frozenset({Role.WELLBEING_LEAD})


class RaisePage(RolePage):
    """Colleagues who meet students."""

    roles = frozenset({*CAREERS_STAFF, Role.WELLBEING_LEAD})
