"""How confidential a meeting is, which depends on its type and place (APPT-1, APPT-2, APPT-3)."""

from dataclasses import dataclass

from appointments.models import AppointmentType
from places.models import Confidentiality, Location, MeetingMode


@dataclass(frozen=True, slots=True)
class LocationPrivacy:
    """`level` is a Confidentiality value; `sentence` is what people read before, during and after booking."""

    level: str
    label: str
    sentence: str
    recording: str


ADVICE_IS_OPEN = "This kind of appointment is held in an open or screened area and is not confidential."
NOT_RECORDED = {
    MeetingMode.ONLINE: "It will not be recorded without your permission.",
    MeetingMode.TELEPHONE: "The call is not recorded.",
}


def privacy_of(type: AppointmentType, location: Location) -> LocationPrivacy:
    level, sentence = Confidentiality(location.confidentiality), location.confidentiality_note
    if not type.confidential_by_nature and level != Confidentiality.NOT_CONFIDENTIAL:
        in_person = location.mode == MeetingMode.IN_PERSON
        level = Confidentiality.NOT_CONFIDENTIAL
        sentence = ADVICE_IS_OPEN if in_person else "This kind of appointment is not confidential."
    return LocationPrivacy(level, str(level.label), sentence, NOT_RECORDED.get(MeetingMode(location.mode), ""))
