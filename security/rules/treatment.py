"""Which procedure applies to a person suspected of a breach (SEC-3, SEC-4)."""

from collections.abc import Collection

from accounts.models import Role, Status
from security.models import Treatment

STUDYING = frozenset({Status.CURRENT, Status.INTERRUPTED})


def treatment_of(roles: Collection[str], courses: Collection[str]) -> Treatment:
    """`courses`: the status of each enrolment.

    Anybody on a course counts as a student, even with an earlier degree, because the University's own procedure still
    applies. Otherwise somebody who completed a course or has the role is a graduate; somebody with neither is a
    colleague.
    """
    if STUDYING & set(courses):
        return Treatment.STUDENT
    if Status.COMPLETED in courses or Role.GRADUATE in roles:
        return Treatment.GRADUATE
    return Treatment.STUDENT if Role.STUDENT in roles else Treatment.COLLEAGUE
