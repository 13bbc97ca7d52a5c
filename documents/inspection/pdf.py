"""The copy of a PDF that is served: its pages and words, written anew from the objects that they need (ISO 32000-2).

qpdf reads the file, mends what is broken, and writes only what the pages lead to, so bytes before, behind or between
the objects are not in the copy. What acts is cut out of the objects in `pdf_objects`.
"""

from __future__ import annotations

from io import BytesIO

import pikepdf

from documents.inspection.pdf_objects import Cleaning
from documents.inspection.taken_out import CleanCopy, TakenOut
from documents.inspection.unfit import LOCKED, UNREADABLE, Unfit


def copy_pdf(content: bytes) -> CleanCopy:
    """Raises Unfit where it needs a password or cannot be read."""
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as pdf:
            return _copied(pdf)
    except pikepdf.PasswordError:
        raise Unfit(LOCKED) from None
    except (Unfit, MemoryError):
        raise
    except Exception as failure:  # whatever a broken or hostile file makes the library say
        raise Unfit(UNREADABLE) from failure


def _copied(pdf: pikepdf.Pdf) -> CleanCopy:
    if not len(pdf.pages):
        raise Unfit(UNREADABLE)
    cleaning = Cleaning()
    if pdf.is_encrypted:  # with an empty password: anybody can open it
        cleaning.taken_out.add(TakenOut.RESTRICTION)
    for key in set(pdf.trailer.keys()) - {"/Root", "/Size"}:
        if key == "/AdditionalStreams":  # the same document as ODF, by LibreOffice
            cleaning.taken_out.add(TakenOut.ATTACHMENT)
        del pdf.trailer[key]
    cleaning.clean(pdf.Root)
    out = BytesIO()
    pdf.save(out, deterministic_id=True, encryption=False)
    return CleanCopy(out.getvalue(), tuple(sorted(cleaning.taken_out)))
