"""Makes the copy of a PDF: its pages, written anew from the objects that they need (ISO 32000-2).

qpdf reads the file, repairs it and writes only objects that the pages refer to, so bytes before, after or between
objects are not copied. `pdf_objects` removes actions from the objects.
"""

from io import BytesIO

import pikepdf

from documents.inspection.pdf_objects import Cleaning
from documents.inspection.taken_out import CleanCopy, TakenOut
from documents.inspection.unfit import LOCKED, UNREADABLE, Unfit


def copy_pdf(content: bytes) -> CleanCopy:
    """Raises Unfit if it needs a password or cannot be read."""
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as pdf:
            return _copied(pdf)
    except pikepdf.PasswordError:
        raise Unfit(LOCKED) from None
    except (Unfit, MemoryError):
        raise
    except Exception as failure:  # whatever the library raises for a broken or hostile file
        raise Unfit(UNREADABLE) from failure


def _copied(pdf: pikepdf.Pdf) -> CleanCopy:
    if not len(pdf.pages):
        raise Unfit(UNREADABLE)
    cleaning = Cleaning()
    if pdf.is_encrypted:  # with an empty password, so anybody can open it
        cleaning.taken_out.add(TakenOut.RESTRICTION)
    for key in set(pdf.trailer.keys()) - {"/Root", "/Size"}:
        if key == "/AdditionalStreams":  # LibreOffice embeds the same document as ODF here
            cleaning.taken_out.add(TakenOut.ATTACHMENT)
        del pdf.trailer[key]
    cleaning.clean(pdf.Root)
    out = BytesIO()
    pdf.save(out, deterministic_id=True, encryption=False)
    return CleanCopy(out.getvalue(), tuple(sorted(cleaning.taken_out)))
