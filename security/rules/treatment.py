"""As whom a person is treated when a breach by them is suspected (SEC-3, SEC-4)."""

from collections.abc import Collection

from accounts.models import Role, Status
from security.models import Treatment

STUDYING = frozenset({Status.CURRENT, Status.INTERRUPTED})


def treatment_of(roles: Collection[str], courses: Collection[str]) -> Treatment:
    """`courses`: the status of each enrolment.

    Whoever is on a course is a student, also with an earlier degree: the University still has its own procedure for
    them. Otherwise a graduate is whoever completed one or has the role; somebody with neither is a colleague.
    """
    if STUDYING & set(courses):
        return Treatment.STUDENT
    if Status.COMPLETED in courses or Role.GRADUATE in roles:
        return Treatment.GRADUATE
    return Treatment.STUDENT if Role.STUDENT in roles else Treatment.COLLEAGUE
