"""The roles that a page declares must be those that the matrix lets in."""

from __future__ import annotations

from accounts.access.permissions import RolePage
from accounts.models import Role
from tests.access.matrix import MatrixLine, group

PERSON_OF = {"student": {"student", "other_student"}, "adviser": {"adviser", "other_adviser"}}


def roles_problem(line: MatrixLine) -> str:
    """Empty if they agree, or if the page requires no role."""
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
    """If a page is about one person's object, others with the same role pass the role check and then get a 404."""
    inside = set(line.door) | set().union(*line.verbs.values())
    found: set[str] = set()
    for name in ("students", "careers_staff", "note_readers", "answerers"):
        people = group(name)
        if inside & people and (line.about or line.asks):
            found |= people
    return found
