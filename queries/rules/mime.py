"""Splits an email into headers, texts to read and names of attachments (RFC 2045, 2046).

`email` parses only the headers of each part; the parts are split here. Its own parser searches for the end of every
open part at every line and recurses into every part: a stranger could choose the time (depth times length) or cause a
RecursionError. Here depth and number of parts are limited, and time is linear in the length.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32

from queries.rules.charsets import clean, decode, one_line
from queries.rules.markup import words_of
from queries.rules.quoting import unflowed

MOST_DEPTH = 12
MOST_PARTS = 250
MOST_HEADERS = 256 * 1024
"""Bytes of one header block. Anything after that is read as text."""
MOST_OF_A_HEADER = 2_000
MOST_OF_A_TEXT = 400_000
NO_HEADER = re.compile(rb"^(?!From |[\x21-\x39\x3b-\x7e]*:|[\t ])", re.MULTILINE)
"""The first line that neither is a header nor continues one, by the rule of `email.feedparser`."""
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
META_CHARSET = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
END_UNREAD = "This email is very long. We did not read its end."
EMAILS = ("message/rfc822", "message/global")
CALENDAR = "text/calendar"


class AsSent(Compat32):
    """Keeps header values as sent: `words_in` decodes RFC 2047, and knows the charsets that browsers know."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


Headers = Message
HEADERS = BytesHeaderParser(policy=AsSent())


@dataclass(slots=True)
class EmailParts:
    """`texts` are in order; `spare` is read only if there is no text; `unread` says what was left out.

    `bodies` are the raw parts without the boundaries between them, which differ between copies. `methods` are those of
    calendars: REQUEST invites, REPLY answers an invitation (RFC 5546).
    """

    texts: list[str] = field(default_factory=list)
    spare: list[str] = field(default_factory=list)
    attached: list[str] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    bodies: list[bytes] = field(default_factory=list)
    methods: set[str] = field(default_factory=set)
    parts: int = 0

    def take(self, other: EmailParts, *, texts: bool) -> None:
        """Adds what another reading found, with or without its texts."""
        self.parts = other.parts
        self.attached += other.attached
        self.bodies += other.bodies
        self.methods |= other.methods
        self.spare += other.spare
        self.texts += other.texts if texts else []
        self.unread |= other.unread if texts else set()


def split(raw: bytes) -> tuple[Headers, bytes]:
    """The headers and the body, which begins at an empty line or at the first line that is not a header."""
    ends = NO_HEADER.search(raw)
    block, body = (raw[: ends.start()], raw[ends.start() :]) if ends else (raw, b"")
    body = body.removeprefix(b"\r").removeprefix(b"\n")
    return HEADERS.parsebytes(block[:MOST_HEADERS] + b"\n\n"), block[MOST_HEADERS:] + body


def values(headers: Headers, name: str, most: int = MOST_OF_A_HEADER) -> str:
    """All headers of this name as sent, joined in one line."""
    said = ", ".join(str(value)[:most] for value in headers.get_all(name, [])[:50])[:most]
    return " ".join(said.split())


def words_in(header: str) -> str:
    """Decodes RFC 2047 words and raw bytes above 127. One character may be split across two encoded words."""
    pieces: list[tuple[str, bytes]] = []
    place = 0
    for word in ENCODED_WORD.finditer(header):
        between = header[place : word.start()]
        if between.strip() or not pieces:
            pieces.append(("", as_bytes(between)))
        label, signs = word[1].partition("*")[0].lower(), word[3].encode("ascii", "replace")
        content = _base64(signs) if word[2] in "bB" else binascii.a2b_qp(signs, header=True)
        if pieces[-1][0] == label:
            content = pieces.pop()[1] + content
        pieces.append((label, content))
        place = word.end()
    pieces.append(("", as_bytes(header[place:])))
    return one_line("".join(decode(content, label) for label, content in pieces), MOST_OF_A_HEADER)


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def read_parts(headers: Headers, body: bytes) -> EmailParts:
    found = EmailParts()
    _read(headers, body, found, 0)
    return found


def _read(headers: Headers, body: bytes, found: EmailParts, depth: int) -> None:
    found.parts += 1
    kind = content_type(headers)
    boundary = parameter(headers, "boundary")
    if kind.startswith("multipart/") and boundary and found.parts <= MOST_PARTS and depth < MOST_DEPTH:
        parts = [split(part) for part in _between(body, boundary, found)]
        if not parts:
            _read_leaf("text/plain", headers, body, found)
        elif kind == "multipart/alternative":
            _read_best(parts, found, depth + 1)
        else:
            for part, inside in parts:
                _read(part, inside, found, depth + 1)
    elif kind.startswith("multipart/") and boundary:
        found.bodies.append(body)
        found.unread.add("Parts that are nested too deep, or too many, were left out.")
    elif kind in EMAILS and depth < MOST_DEPTH:
        _read_email_inside(transferred(headers, body), found, depth + 1)
    else:
        _read_leaf("text/plain" if kind.startswith("multipart/") else kind, headers, body, found)


def _between(body: bytes, boundary: str, found: EmailParts) -> Iterator[bytes]:
    """The parts of a multipart. Skips what comes before the first boundary, which is for programs without MIME."""
    line = re.compile(rb"^--" + re.escape(as_bytes(boundary)) + rb"(--)?[ \t]*\r?$", re.MULTILINE)
    begun = -1
    for number, each in enumerate(line.finditer(body)):
        if begun >= 0:
            yield body[begun : max(begun, each.start() - 1)]
        begun = -1 if each[1] else each.end() + 1
        if each[1]:
            break
        if number >= MOST_PARTS:
            found.unread.add("Parts that are nested too deep, or too many, were left out.")
            return
    if begun >= 0:
        yield body[begun:]


def _read_best(parts: list[tuple[Headers, bytes]], found: EmailParts, depth: int) -> None:
    """Reads one of several alternatives: plain text if it has any, otherwise the next one that does."""
    tries = []
    for part, inside in sorted(parts, key=lambda each: content_type(each[0]) != "text/plain"):
        one = EmailParts(parts=found.parts)
        _read(part, inside, one, depth)
        found.parts = one.parts
        tries.append(one)
    best = next((each for each in tries if any(each.texts)), None)
    for each in tries:
        found.take(each, texts=each is best or best is None)
    found.parts = tries[-1].parts


def _read_email_inside(body: bytes, found: EmailParts, depth: int) -> None:
    """Reads an email attached to this one, or the one that a delivery report is about."""
    headers, inside = split(body)
    sender, subject = (words_in(values(headers, name)) for name in ("from", "subject"))
    found.attached.append(f"the email “{subject[:60]}”" if subject else "an email")
    one = EmailParts(parts=found.parts)
    _read(headers, inside, one, depth)
    if any(one.texts):
        one.texts = ["\n\n".join([f"(Attached email from {sender or 'nobody named'}: {subject})", *one.texts])]
    found.take(one, texts=True)


def _read_leaf(kind: str, headers: Headers, body: bytes, found: EmailParts) -> None:
    found.bodies.append(body)
    name = file_name(headers)
    is_text = kind.startswith("text/") or kind in ("message/delivery-status", *EMAILS)
    if disposition(headers) == "attachment" or not is_text:
        found.attached.append(name or ("a file" if is_text else f"a file ({kind})"))
        return
    if kind == CALENDAR:
        found.methods.add(parameter(headers, "method").upper())
    if name or kind == CALENDAR:
        found.attached.append(name or "a calendar invitation")
    _read_text(kind, headers, body, found)


def _read_text(kind: str, headers: Headers, body: bytes, found: EmailParts) -> None:
    content = transferred(headers, body)
    label = parameter(headers, "charset")
    if kind == "text/html":
        declared = META_CHARSET.search(content, 0, 2048)
        label = label or (declared[1].decode("ascii", "replace") if declared else "")
        text, is_cut = words_of(clean(decode(content, label)))
        text = clean(text)
    else:
        whole = decode(content, label)
        text, is_cut = clean(whole[:MOST_OF_A_TEXT]), len(whole) > MOST_OF_A_TEXT
        if parameter(headers, "format").lower() == "flowed":
            text = unflowed(text, deletes_space=parameter(headers, "delsp").lower() == "yes")
    if is_cut:
        found.unread.add(END_UNREAD)
    (found.spare if kind in (CALENDAR, "message/delivery-status") else found.texts).append(text.strip())


def transferred(headers: Headers, body: bytes) -> bytes:
    """Decodes the transfer encoding; damaged data as far as possible."""
    encoding = values(headers, "content-transfer-encoding").lower()
    if encoding == "base64":
        return _base64(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    return body


def _base64(signs: bytes) -> bytes:
    """Decodes what it can: skips invalid characters, and allows padding in the middle."""
    return b"".join(_quarters(each) for each in signs.translate(None, NOT_BASE64).split(b"=") if each)


def _quarters(signs: bytes) -> bytes:
    whole = signs[:-1] if len(signs) % 4 == 1 else signs
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def content_type(headers: Headers) -> str:
    kind = values(headers, "content-type", 200).partition(";")[0].strip().lower()
    return kind if re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+_-]{1,100}", kind) else "text/plain"


def disposition(headers: Headers) -> str:
    return values(headers, "content-disposition", 200).partition(";")[0].strip().lower()


def parameter(headers: Headers, name: str, header: str = "content-type") -> str:
    """A parameter of a header, decoded by its own charset if it has one (RFC 2231); empty if it is missing."""
    short = Message(policy=AsSent())
    short[header] = values(headers, header)
    try:
        found = short.get_param(name, "", header)
    except (ValueError, IndexError, TypeError, AttributeError, LookupError):
        return ""
    if isinstance(found, tuple):
        label, _, text = found
        return clean(decode(text.encode("latin-1", "replace"), label or ""))
    return str(found or "")


def file_name(headers: Headers) -> str:
    name = parameter(headers, "filename", "content-disposition") or parameter(headers, "name")
    return words_in(name)[:80]
