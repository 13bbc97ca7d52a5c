"""What the copy leaves out: the codes stored with a version, and their texts."""

from dataclasses import dataclass
from enum import StrEnum


class TakenOut(StrEnum):
    ACTION = "action"
    ADD_IN = "add_in"
    ATTACHMENT = "attachment"
    FIELD = "field"
    FORM = "form"
    LINK = "link"
    MEDIA = "media"
    OBJECT = "object"
    PICTURE = "picture"
    REMOTE = "remote"
    RESTRICTION = "restriction"
    SCRIPT = "script"
    SIGNATURE = "signature"


WORDS = {
    TakenOut.ACTION: "actions that start by themselves",
    TakenOut.ADD_IN: "Word add-ins",
    TakenOut.ATTACHMENT: "attached files",
    TakenOut.FIELD: "fields that fetch or start something",
    TakenOut.FORM: "an Adobe form (XFA)",
    TakenOut.LINK: "links to files or programs",
    TakenOut.MEDIA: "media such as sound and video",
    TakenOut.OBJECT: "embedded objects and spreadsheets",
    TakenOut.PICTURE: "pictures in a format we cannot check",
    TakenOut.REMOTE: "content loaded from elsewhere",
    TakenOut.RESTRICTION: "restrictions on printing and copying",
    TakenOut.SCRIPT: "scripts",
    TakenOut.SIGNATURE: "a digital signature",
}


@dataclass(frozen=True, slots=True)
class CleanCopy:
    """The copy that may be served, and sorted codes for what was taken out."""

    content: bytes
    taken_out: tuple[TakenOut, ...] = ()
