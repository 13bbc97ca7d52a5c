"""The kinds of things that take two people. Each app registers its own, as it registers its messages."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model

from accounts.models import Proposal, ProposalKind, User
from accounts.models.user import UserQuerySet


@dataclass(frozen=True, slots=True)
class TwoPersonKind:
    """`perform` runs in the transaction of the confirmation, with the proposal locked, and writes its audit entry.

    `says`: a phrase for lists and emails that names no student, such as “give Ada New the role wellbeing lead”.
    `effect`: sentences for the person who confirms, about what it would do now. `subject`: what the audit entries are
    about. `page`: the address where confirmers see what it is about, if there is one.
    """

    confirmers: Callable[[Proposal], UserQuerySet]
    told: Callable[[Proposal], UserQuerySet]
    says: Callable[[Proposal], str]
    effect: Callable[[Proposal], list[str]]
    subject: Callable[[Proposal], Model]
    perform: Callable[[Proposal, User], None]
    page: Callable[[Proposal], str] = lambda _: ""


KINDS: dict[str, TwoPersonKind] = {}


def register_two_person_kind(kind: ProposalKind, how: TwoPersonKind) -> None:
    KINDS[kind] = how
