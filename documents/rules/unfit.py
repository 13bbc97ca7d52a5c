from __future__ import annotations

from careerconnect.foundation.decisions import Decision, refuse


class Unfit(Exception):
    """Found while reading a file: why it cannot be taken. Becomes a Decision at the door of these rules."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(code)
        self.decision: Decision = refuse(code, message, remedy)


def unreadable() -> Unfit:
    return Unfit("document_unreadable", "This file cannot be read.", "Open it, save it again and upload that.")


def active(what: str, remedy: str = "Save it as PDF without that, and upload the PDF.") -> Unfit:
    return Unfit("document_active", f"This file contains {what}, which is not allowed here.", remedy)
