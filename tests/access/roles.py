"""The roles that a page declares are those whom the matrix lets through its door."""

from __future__ import annotations

from accounts.access.permissions import RolePage
from accounts.models import Role
from tests.access.matrix import MatrixLine, group

PERSON_OF = {"student": {"student", "other_student"}, "adviser": {"adviser", "other_adviser"}}


def roles_problem(line: MatrixLine) -> str:
    """Empty where they agree, or where the page asks for no role."""
    view = getattr(line.route.view, "view_class", None)
    if view is None or not issubclass(view, RolePage) or not line.verbs:
        return ""
    said = {person for role in view.roles for person in PERSON_OF.get(Role(role), {str(Role(role))})}
    inside = set(line.door) | set().union(*line.verbs.values())
    beyond = said - inside - owners(line)
    if not inside <= said:
        return f"{line}: lets {', '.join(sorted(inside - said))} in, whose role the page does not take"
    return f"{line}: the page takes {', '.join(sorted(beyond))}, whom the matrix knows nothing of" if beyond else ""


def owners(line: MatrixLine) -> set[str]:
    """Where it is about one person's thing, others of the same role are let through the door and find nothing."""
    inside = set(line.door) | set().union(*line.verbs.values())
    found: set[str] = set()
    for name in ("students", "careers_staff", "note_readers", "answerers"):
        people = group(name)
        if inside & people and (line.about or line.asks):
            found |= people
    return found
