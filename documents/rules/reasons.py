"""Why a file was refused and what to do about it, by the code stored with its version."""

from foundation.outcomes.decisions import Decision, refuse

SAVE_AGAIN = "Open it, save it as PDF again, and upload that."
WORDS = {
    "virus_found": ("A virus was found in this file.", "Have your computer checked before you upload another."),
    "document_active": ("It contains macros.", "Save it without macros, or as PDF, and upload that."),
    "document_type": ("It is not a PDF or Word (DOCX) file.", "Save it as PDF, and upload that."),
    "document_paths": ("It has parts with names that no Word document has.", SAVE_AGAIN),
    "document_bomb": ("It unpacks to far more than it should.", SAVE_AGAIN),
    "document_too_complicated": ("It is too complicated to check.", "Print it to a new PDF, and upload that."),
    "document_polyglot": ("It is more than one kind of file.", SAVE_AGAIN),
    "document_locked": ("It is protected by a password.", "Save it without a password and upload that."),
    "document_unreadable": ("It could not be read.", SAVE_AGAIN),
    "document_lost": ("It was lost before it could be checked.", "Please upload it again."),
}


def why_refused(code: str) -> Decision:
    message, remedy = WORDS.get(code, ("It could not be accepted.", SAVE_AGAIN))
    return refuse(code, message, remedy)
