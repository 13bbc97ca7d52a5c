from accounts.models import Role, User


def officers() -> list[User]:
    """Information governance. One query."""
    return list(User.objects.filter(is_active=True, roles__contains=[Role.INFORMATION_GOVERNANCE]).order_by("pk"))


def wellbeing_leads() -> list[User]:
    """One query."""
    return list(User.objects.filter(is_active=True, roles__contains=[Role.WELLBEING_LEAD]).order_by("pk"))
