from appointments.models.appointment_type import AppointmentType, LateCancelling
from appointments.models.booking import Booking, BookingStatus
from appointments.models.booking_needs import BookingNeeds
from appointments.models.booking_note import BookingNote
from appointments.models.diary_block import DiaryBlock
from appointments.models.diary_template import DiaryTemplate
from appointments.models.online_room import OnlineRoom
from appointments.models.time_out import TimeOut
from appointments.models.weekday import Weekday

__all__ = [
    "AppointmentType",
    "Booking",
    "BookingNeeds",
    "BookingNote",
    "BookingStatus",
    "DiaryBlock",
    "DiaryTemplate",
    "LateCancelling",
    "OnlineRoom",
    "TimeOut",
    "Weekday",
]
