"""What asks again who somebody is, where the last proof of it is old."""

from __future__ import annotations

from accounts.access.permissions import FreshSignIn
from accounts.sign_in.sessions import HELD
from tests.access.asking import Visitor, ask
from tests.access.matrix import Line
from tests.access.scene import Scene


def is_fresh_page(line: Line) -> bool:
    view = getattr(line.route.view, "view_class", None)
    return view is not None and issubclass(view, FreshSignIn)


def stale_problem(scene: Scene, line: Line) -> str:
    """As one who is let in, with an old proof. Empty where they are asked again and nothing is done."""
    for verb, people in line.verbs.items():
        if not people:
            continue
        name = sorted(people)[0]
        visitor = Visitor(name, scene.people[name])
        session = visitor.client.session
        session["account_authentication_methods"] = [{"method": "password", "at": 0}]
        session[HELD] = {**session[HELD], "at": 0}
        session.save()
        answer = ask(scene, visitor, line, verb)
        asks_again = answer.status == 403 or (answer.status == 302 and "reauthenticate" in answer.where)
        if not asks_again or answer.writes:
            return f"{verb} {line}: {answer.status} {answer.where} after an hour, and nobody is asked who they are"
    return ""
