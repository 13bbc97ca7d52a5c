from places.models.location import Confidentiality, Location, MeetingMode
from places.models.place_use import PlaceUse

__all__ = ["Confidentiality", "Location", "MeetingMode", "PlaceUse"]
