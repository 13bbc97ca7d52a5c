from accounts.access.permissions import RolePage
from accounts.models import Role


class AnswerPage(RolePage):
    """For people who answer some category of query; `Query.answered_by` decides which queries."""

    roles = frozenset({Role.ADVISER, Role.FRONT_DESK, Role.CAREERS_MANAGER, Role.INFORMATION_GOVERNANCE})


class TemplatePage(RolePage):
    """For people who edit reply templates."""

    roles = frozenset({Role.CAREERS_MANAGER, Role.ADMINISTRATOR})
