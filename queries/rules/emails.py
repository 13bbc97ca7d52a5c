"""Reads an email defensively: trusts nothing, fetches nothing, runs nothing (RFC 5322, 3834)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from email.utils import parseaddr

from queries.rules.charsets import clean, one_line
from queries.rules.machine_mail import automatic
from queries.rules.mime import Headers, as_bytes, decode, read_parts, split, values, words_in
from queries.rules.quote_words import FORWARDED
from queries.rules.quoting import reading

MOST_TEXT = 20_000
MOST_NAMED = 20
MOST_ADDRESSES = 100_000
"""Maximum characters of the headers that may hold the address an email was sent to."""
ADDRESSES = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
BETWEEN_ADDRESSES = re.compile(r"[\s<>\",;:()\[\]]+")
ADDRESS = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,189}")
CUT = "\n\n(Cut after {:,} characters. The original email has the rest.)"


@dataclass(frozen=True, slots=True)
class ReadEmail:
    """`text` is what somebody wrote; `quoted` is what it repeats of earlier emails, for those who ask for the rest.

    `automatic` says why the email counts as sent by a program; empty if somebody typed it. `to` holds every address it
    may have been sent to.

    `content` is a hash of sender, subject and all parts: equal hashes mean equal content. `unread` says what was left
    out of `text` and `quoted`.
    """

    message_id: str
    sender: str
    subject: str
    text: str
    quoted: str
    to: tuple[str, ...]
    automatic: str
    attached: tuple[str, ...] = field(default=())
    content: str = ""
    unread: tuple[str, ...] = field(default=())


def read_email(raw: bytes) -> ReadEmail:
    """Takes time linear in the length. Anything unreadable is empty."""
    headers, body = split(raw)
    found = read_parts(headers, body)
    texts = [text for text in found.texts if text] or [text for text in found.spare if text]
    subject, sender = words_in(values(headers, "subject")), values(headers, "from")
    is_forward = subject.casefold().startswith(FORWARDED)
    said, quoted = reading(texts, is_forward=is_forward)
    writer = address(sender)
    return ReadEmail(
        message_id=one_line(values(headers, "message-id"), 300),
        sender=writer,
        subject=one_line(subject, 160) or "(no subject)",
        text=shortened(said),
        quoted=shortened(quoted),
        to=addresses(headers),
        automatic=automatic(headers, found, sender=writer, has_words=any(found.texts)),
        attached=tuple(found.attached),
        content=hashlib.sha256(b"\0".join((as_bytes(sender), as_bytes(subject), *found.bodies))).hexdigest(),
        unread=tuple(sorted(found.unread)),
    )


UNREADABLE = ReadEmail("", "", "An email that could not be read", "", "", (), "")


def words_of_email(said: ReadEmail, size: int, *, is_whole: bool) -> str:
    """The message that colleagues read, with a note of everything left out. `size` is in bytes."""
    words = [said.text]
    if not said.text:
        words = ["(We found no words in this email. Open the original to read it.)"]
    if not is_whole:
        large = f"This email of {max(1, size // (1024 * 1024))} MB was too large to keep. We kept its beginning."
        words.insert(0, f"({large} Ask for any attachments another way.)")
    words += [f"({each})" for each in said.unread]
    if said.attached:
        more = f" and {len(said.attached) - MOST_NAMED} more" if len(said.attached) > MOST_NAMED else ""
        words.append("(Attached, and not taken in: " + ", ".join(said.attached[:MOST_NAMED]) + f"{more})")
    return "\n\n".join(words)


def shortened(text: str) -> str:
    """Cuts long text, and says so at the cut."""
    return text if len(text) <= MOST_TEXT else text[:MOST_TEXT].rstrip() + CUT.format(MOST_TEXT)


def address(header: str) -> str:
    """The address in a From header, which proves nothing; empty if it has no address that we could write to."""
    try:
        found = parseaddr(header)[1]
    except (RecursionError, IndexError, ValueError, TypeError):
        found = ""
    if not ADDRESS.fullmatch(found):
        found = next((each for each in BETWEEN_ADDRESSES.split(header) if ADDRESS.fullmatch(each)), "")
    words = one_line(decode(as_bytes(found)), 254)
    return words if ADDRESS.fullmatch(words) else ""


def addresses(headers: Headers) -> tuple[str, ...]:
    said = " ".join(values(headers, name, MOST_ADDRESSES) for name in ADDRESSES)
    return tuple(clean(each) for each in BETWEEN_ADDRESSES.split(said) if "@" in each and len(each) <= 320)
