"""Appeals against holds: which hold, what became of it, and who may decide."""

from datetime import datetime

from accounts.models import Role, User
from eligibility.models import Hold
from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from foundation.values.times import database_now, local_day
from queries.models import Category, Query

OWN_DECISION = "own_decision"


def may_decide_appeal(by: User, query: Query) -> Decision:
    """The first reply decides an appeal. It must come from somebody else than who made the decision (ELIG-3).

    One query; two if it is refused.
    """
    if query.category != Category.APPEAL or not Query.objects.against_decision_of(by).filter(pk=query.pk).exists():
        return ALLOWED
    return refuse(
        OWN_DECISION,
        "You made the decision that this appeal is about. Another careers manager must reply first.",
        "Assign it to another careers manager."
        if _other_managers(by)
        else "Ask an administrator to give a colleague the role of careers manager.",
    )


def _other_managers(by: User) -> bool:
    managers = User.objects.filter(is_active=True, roles__contains=[Role.CAREERS_MANAGER])
    return bool(managers.exclude(pk=by.pk).exists())


def hold_to_appeal(person: User) -> Hold | None:
    """The hold of somebody who appeals without naming one, if there is exactly one it can be."""
    found = list(Hold.objects.not_over(local_day(database_now())).filter(student=person)[:2])
    return found[0] if len(found) == 1 else None


def appeal_times(hold: Hold) -> tuple[datetime | None, datetime | None]:
    """When the student appealed, and when we answered. Appeals that they closed unanswered do not count."""
    about = Query.objects.filter(category=Category.APPEAL, about_kind="hold", about_id=hold.public_id)
    appeals = [(each.opened_at, each.merged_into or each) for each in about.select_related("merged_into")]
    live = [(made, thread) for made, thread in appeals if thread.answered_at or not thread.is_resolved]
    if not live:
        return None, None
    answers = [thread.answered_at for _, thread in live if thread.answered_at]
    return min(made for made, _ in live), max(answers) if len(answers) == len(live) else None
