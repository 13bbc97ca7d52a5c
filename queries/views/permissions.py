from accounts.access.permissions import RolePage
from accounts.models import Role


class AnswerPage(RolePage):
    """Whoever answers any kind of query; of which kind, `Query.answered_by` says."""

    roles = frozenset({Role.ADVISER, Role.FRONT_DESK, Role.CAREERS_MANAGER, Role.INFORMATION_GOVERNANCE})


class TemplatePage(RolePage):
    """Those who word what the service says."""

    roles = frozenset({Role.CAREERS_MANAGER, Role.ADMINISTRATOR})
