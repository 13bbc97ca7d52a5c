"""Is it a plain PDF, as far as its bytes tell? (ISO 32000-2.) What its packed objects hold, `pdf_copy` looks at."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from careerconnect.foundation.decisions import ALLOWED, Decision
from documents.rules.unfit import Unfit, active, unreadable

HEAD = re.compile(rb"%PDF-[12]\.[0-9]\s")
STREAM = re.compile(rb"\bstream\r?\n.*?endstream", re.S)
TEXT = re.compile(rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)", re.S)
NAME = re.compile(rb"/([^\s/<>\[\](){}%]{1,60})")
HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
MARKUP = re.compile(rb"<\s*(html|script|svg|iframe|body|object|embed|\?php|!doctype)", re.I)
ACTING = {
    "JavaScript": "JavaScript",
    "JS": "JavaScript",
    "Launch": "something that starts a program",
    "EmbeddedFile": "another file",
    "EmbeddedFiles": "another file",
    "RichMedia": "embedded media",
    "XFA": "an interactive form",
    "GoToE": "another file",
    "GoToR": "a link to a file on a computer",
    "ImportData": "something that loads data",
    "SubmitForm": "a form that sends itself",
}


def inspect_pdf(content: bytes) -> Decision:
    try:
        check_bytes(content)
    except Unfit as unfit:
        return unfit.decision
    return ALLOWED


def check_bytes(content: bytes) -> None:
    if not HEAD.match(content):
        raise unreadable()
    if not content.rstrip(b"\r\n\t \0").endswith(b"%%EOF"):
        raise Unfit("document_polyglot", "Something stands behind the end of this PDF.", "Save it as PDF again.")
    outside = STREAM.sub(b"stream endstream", content)
    if zipfile.is_zipfile(BytesIO(content)) or MARKUP.search(outside) or b"PK\x03\x04" in outside:
        raise Unfit("document_polyglot", "This file is more than one kind of file.", "Save it as PDF again.")
    for name in set(NAME.findall(TEXT.sub(b"()", outside))):  # a heading may well say HTML/JS
        check_name(HEX.sub(lambda code: bytes([int(code[1], 16)]), name).decode("latin-1"))


def check_name(name: str) -> None:
    if name == "Encrypt":
        raise Unfit("document_locked", "This PDF is protected.", "Save it without a password or restrictions.")
    if name in ACTING:
        raise active(ACTING[name], "Save or print it as PDF again without that.")
