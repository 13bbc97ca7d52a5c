from accounts.models import User
from accounts.operations.lock_people import lock_people
from foundation.outcomes.refusals import require
from security.models import DataBreach, SecurityCase
from security.rules.cases import may_act


def lock_case(case: SecurityCase, by: User) -> SecurityCase:
    """Locks the person, then the case, and returns the case as read under the lock.

    Refuses people who may not act on it.
    """
    require(may_act(by, case.person), status=403)
    lock_people(case.person)
    return SecurityCase.objects.select_for_update(no_key=True, of=("self",)).select_related("person").get(pk=case.pk)


def breach_of(case: SecurityCase) -> DataBreach | None:
    return DataBreach.objects.filter(case=case).first()
