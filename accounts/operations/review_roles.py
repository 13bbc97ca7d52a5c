from accounts.models import User
from accounts.operations.record_audit import Subject, record_audit
from accounts.selectors.roles import REVIEW, REVIEW_ID, REVIEWED, held_roles, seal_of_roles
from foundation.outcomes.refusals import Refused, in_one_transaction


@in_one_transaction
def review_roles(*, seen: str, by: User) -> None:
    """Records that information governance has checked who has which role. `seen`: the seal of the list on the page.

    Raises Refused: `not_yours`, or `changed_since` if a role has changed meanwhile.
    """
    if not by.may_read_trail:
        raise Refused("not_yours", "Only information governance reviews roles.", status=403)
    rows = held_roles()
    if seal_of_roles(rows) != seen:
        raise Refused("changed_since", "A role has changed since you opened this page.", "Check the list again.")
    record_audit(actor=by, action=REVIEWED, on=Subject(REVIEW, REVIEW_ID), roles=len(rows), list=seen)
