from accounts.models import User
from accounts.operations.lock_people import lock_people
from accounts.operations.require_as_seen import require_as_seen
from foundation.outcomes.refusals import require
from security.models import DataBreach, SecurityCase
from security.rules.cases import may_act


def lock_case(case: SecurityCase, by: User) -> SecurityCase:
    """Locks the person, then the case, and returns the case as read under the lock.

    Refuses people who may not act on it, and pages that show it as it was before somebody changed it.
    """
    require(may_act(by, case.person), status=403)
    lock_people(case.person)
    rows = SecurityCase.objects.select_for_update(no_key=True, of=("self",)).select_related("person")
    locked: SecurityCase = rows.get(pk=case.pk)
    require_as_seen(case, locked, by=by)
    return locked


def breach_of(case: SecurityCase) -> DataBreach | None:
    return DataBreach.objects.filter(case=case).first()
