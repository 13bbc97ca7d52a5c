"""The page of colleagues: who has joined, and who has not."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Role, User
from accounts.rules.invitations import JoiningState, invitation_ends, joining_state
from accounts.selectors.second_factors import PROOFS


@dataclass(frozen=True, slots=True)
class ColleagueRow:
    person: User
    state: JoiningState
    ends_at: datetime | None
    """When the latest invitation's link stops working; none if they have joined or were not invited."""

    has_factor: bool
    """Whether they have set up a second factor here."""

    @property
    def roles(self) -> str:
        return ", ".join(str(Role(role).label) for role in self.person.roles)


def colleagues_for(reader: User) -> QuerySet[User]:
    """Those who have not joined first, then by name."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=PROOFS)
    found: QuerySet[User] = User.objects.colleagues(reader)
    found = found.annotate(has_factor=Exists(factors), has_joined=Q(last_login__isnull=False))
    return found.order_by("-is_active", "has_joined", "family_name", "given_name", "pk")


def colleague_row(person: User, now: datetime, days: int) -> ColleagueRow:
    """`person` comes from `colleagues_for`; `days` is the setting `invitation_days`."""
    state = joining_state(person, now, days)
    waits = person.invited_at if state in (JoiningState.INVITED, JoiningState.LAPSED) else None
    ends_at = invitation_ends(waits, days) if waits else None
    return ColleagueRow(person, state, ends_at, bool(getattr(person, "has_factor", False)))
