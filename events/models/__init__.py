from events.models.check_in import CheckIn, CheckInDevice, HowCheckedIn
from events.models.event import Event, EventState
from events.models.event_parts import (
    EventEmployer,
    EventNote,
    EventOrganiser,
    EventPicture,
    EventQuestion,
    EventReserve,
    QuestionKind,
)
from events.models.event_series import EventSeries
from events.models.event_session import EventSession
from events.models.event_type import EventType
from events.models.registration import (
    EventFeedback,
    Registration,
    RegistrationAnswer,
    RegistrationNeeds,
    RegistrationStatus,
)

__all__ = [
    "CheckIn",
    "CheckInDevice",
    "Event",
    "EventEmployer",
    "EventFeedback",
    "EventNote",
    "EventOrganiser",
    "EventPicture",
    "EventQuestion",
    "EventReserve",
    "EventSeries",
    "EventSession",
    "EventState",
    "EventType",
    "HowCheckedIn",
    "QuestionKind",
    "Registration",
    "RegistrationAnswer",
    "RegistrationNeeds",
    "RegistrationStatus",
]
