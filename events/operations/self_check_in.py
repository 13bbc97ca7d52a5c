from accounts.models import User
from accounts.rules.policy import policy_in_force
from events.models import Event, HowCheckedIn, Registration
from events.operations.check_in import AtTheDoor, CheckedIn, check_in
from events.rules.door import session_at_the_door
from events.rules.room_code import is_room_code
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now


def check_in_oneself(*, event: Event, code: str, by: User) -> CheckedIn:
    """A registered student checks in with the code on the room's screen. Refused: a code that is too old or of another
    event (`code_old`), and nobody without a place (`not_registered`). Staff see who, and how."""
    now, seconds = database_now(), policy_in_force().room_code_seconds
    if not is_room_code(code, event.public_id, now, seconds):
        raise Refused("code_old", "This code is no longer valid.", "Scan the code that is on the screen now.")
    registration = Registration.objects.with_places().filter(event=event, student=by).select_related("student").first()
    session = session_at_the_door(list(event.sessions.all()), now)
    if registration is None or session is None:
        raise Refused("not_registered", "You are not registered for this event.", "Ask at the door for a place.")
    return check_in(registration=registration, session=session, door=AtTheDoor(HowCheckedIn.SELF))
