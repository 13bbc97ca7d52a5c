"""Actions that ask for authentication again if the last one is too long ago."""

from __future__ import annotations

from accounts.access.permissions import RecentAuthenticationRequired
from accounts.sign_in.sessions import SIGN_IN_KEY
from tests.access.asking import Caller, ask
from tests.access.matrix import MatrixLine
from tests.access.scene import Scene


def is_fresh_page(line: MatrixLine) -> bool:
    view = getattr(line.route.view, "view_class", None)
    return view is not None and issubclass(view, RecentAuthenticationRequired)


def stale_problem(scene: Scene, line: MatrixLine) -> str:
    """Sends the request as somebody allowed, with an old authentication.

    Empty if they must authenticate and nothing happens.
    """
    for verb, people in line.verbs.items():
        if not people:
            continue
        name = sorted(people)[0]
        visitor = Caller(name, scene.people[name])
        session = visitor.client.session
        session["account_authentication_methods"] = [{"method": "password", "at": 0}]
        session[SIGN_IN_KEY] = {**session[SIGN_IN_KEY], "at": 0}
        session.save()
        answer = ask(scene, visitor, line, verb)
        asks_again = answer.status == 403 or (answer.status == 302 and "reauthenticate" in answer.where)
        if not asks_again or answer.writes:
            return f"{verb} {line}: {answer.status} {answer.where} after an hour, and nobody is asked who they are"
    return ""
