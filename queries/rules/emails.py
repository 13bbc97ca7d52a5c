"""What an e-mail says, read defensively: nothing is believed, nothing is fetched, nothing runs (RFC 5322, 3834)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.policy import default
from email.utils import getaddresses, parseaddr

import nh3

MOST_TEXT = 20_000
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
ADDRESSES = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
QUOTE_BEGINS = re.compile(
    r"^(?:On .{5,200} wrote:|Am .{5,200} schrieb .*:|Le .{5,200} a écrit\s?:|-{2,} ?Original Message ?-{2,}|_{10,})\s*$"
)
LINE_ENDS = re.compile(r"</(?:p|div|tr|li|h\d|blockquote)>|<br\s*/?>", re.IGNORECASE)
NOT_SHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Control signs, and those that turn or hide the direction of a text."""


@dataclass(frozen=True, slots=True)
class ReadEmail:
    """`automatic`: why nobody typed it; empty where somebody did. `to`: every address it may have come by."""

    message_id: str
    sender: str
    subject: str
    text: str
    quoted: str
    to: tuple[str, ...]
    automatic: str
    attached: tuple[str, ...] = field(default=())


def read_email(raw: bytes) -> ReadEmail:
    """Never raises for what was sent: what cannot be read is empty."""
    message = BytesParser(policy=default).parsebytes(raw)
    said, quoted = parted(text_of(message))
    return ReadEmail(
        message_id=header(message, "message-id")[:300],
        sender=address(header(message, "from")),
        subject=" ".join(clean(header(message, "subject")).split())[:160] or "(no subject)",
        text=said[:MOST_TEXT],
        quoted=quoted[:MOST_TEXT],
        to=tuple(each for _, each in getaddresses([header(message, name) for name in ADDRESSES]) if "@" in each),
        automatic=automatic(message),
        attached=tuple(attached(message)),
    )


def header(message: EmailMessage, name: str) -> str:
    """Malformed headers raise when they are read, and are as good as none."""
    try:
        values = message.get_all(name) or []
        return ", ".join(str(value) for value in values)[:2000]
    except (ValueError, IndexError, KeyError, AttributeError, TypeError, LookupError):
        return ""


def address(text: str) -> str:
    found = parseaddr(text)[1].strip()
    return found[:254] if re.fullmatch(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,189}", found) else ""


def clean(text: str) -> str:
    return NOT_SHOWN.sub("", text)


def automatic(message: EmailMessage) -> str:
    """RFC 3834 and what mail programs do beside it."""
    if header(message, "auto-submitted").lower().partition(";")[0].strip() not in ("", "no"):
        return "sent by a program (Auto-Submitted)"
    if header(message, "precedence").lower().strip() in BULK:
        return "sent to many (Precedence)"
    if header(message, "x-auto-response-suppress") or header(message, "x-autoreply"):
        return "an automatic answer"
    if header(message, "list-id") or header(message, "list-unsubscribe"):
        return "from a mailing list"
    if header(message, "return-path").strip() == "<>":
        return "a report about delivery (empty Return-Path)"
    return ""


def text_of(message: EmailMessage) -> str:
    """The plain part; without one, the words of the HTML alone: no tag, style, script or picture comes through."""
    for wanted in ("plain", "html"):
        try:
            part = message.get_body(preferencelist=(wanted,))
            if part is not None:
                text = decoded(part)
                return clean(text if wanted == "plain" else words_of(text)).strip()
        except (LookupError, ValueError, AttributeError, KeyError, TypeError):
            continue
    return ""


def decoded(part: MIMEPart) -> str:
    content = part.get_payload(decode=True)
    body = content if isinstance(content, bytes) else str(part.get_payload()).encode("utf-8", "replace")
    try:
        return body.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def words_of(text: str) -> str:
    """nh3 drops scripts and styles with what is in them; what then stands between tags is the words."""
    bare = nh3.clean(LINE_ENDS.sub("\n", text), tags=set(), clean_content_tags={"script", "style"})
    return re.sub(r"\n{3,}", "\n\n", html.unescape(bare))


def parted(text: str) -> tuple[str, str]:
    """What is new, and what it repeats of earlier ones."""
    lines = text.replace("\r\n", "\n").split("\n")
    for place, line in enumerate(lines):
        rest = [each for each in lines[place:] if each.strip()]
        if QUOTE_BEGINS.match(line.strip()) or (line.startswith(">") and all(each.startswith(">") for each in rest)):
            return "\n".join(lines[:place]).strip(), "\n".join(lines[place:]).strip()
    return text.strip(), ""


def attached(message: EmailMessage) -> Iterable[str]:
    """Their names, for people to read; the files stay in the raw e-mail and are never opened."""
    try:
        for part in message.walk():
            if part.get_content_disposition() == "attachment" or part.get_filename():
                yield clean(" ".join(str(part.get_filename() or "a file").split()))[:80]
    except (LookupError, ValueError, AttributeError, KeyError, TypeError):
        return
