from accounts.models import User
from foundation.outcomes.refusals import Refused
from foundation.values.telephones import normalised
from places.models import MeetingMode


def number_to_call(mode: str, given: str, student: User) -> str:
    """The number given for a telephone appointment, otherwise the one in the student's profile. Empty for others.

    Raises Refused (`phone_missing`, `phone_unreadable`) without a number that can be called.
    """
    if mode != MeetingMode.TELEPHONE:
        return ""
    number = given or str(student.phone)
    if not number:
        raise Refused("phone_missing", "We need a number to call.", "Enter a telephone number.", field="phone")
    try:
        return normalised(number)
    except ValueError:
        raise Refused("phone_unreadable", "We can’t call this number.", "Check the number.", field="phone") from None
