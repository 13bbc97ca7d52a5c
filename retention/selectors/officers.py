from accounts.models import Role, User
from accounts.models.user import UserQuerySet


def officer_rows() -> UserQuerySet:
    rows: UserQuerySet = User.objects.holding(Role.INFORMATION_GOVERNANCE).order_by("pk")
    return rows


def officers() -> list[User]:
    """Information governance. One query."""
    return list(officer_rows())


def wellbeing_leads() -> list[User]:
    """One query."""
    return list(User.objects.filter(is_active=True, roles__contains=[Role.WELLBEING_LEAD]).order_by("pk"))
