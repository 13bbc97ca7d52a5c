"""Decodes bytes by the charset labels that browsers know (https://encoding.spec.whatwg.org/#names-and-labels).

Declared charsets are looked up only there: Python also has codecs that are not charsets (`unicode_escape`, `utf-7`,
`rot13`, `zlib`), and a stranger must never be able to choose one of them.
"""

from __future__ import annotations

import re

import webencodings

from foundation.values.unseen_signs import UNSHOWN

UTF8, WESTERN, CHINESE = "utf-8", "windows-1252", "gb18030"
ALIASES = {
    "latin-1": WESTERN, "cp936": CHINESE, "gb-2312": CHINESE, "cp932": "shift_jis", "cp949": "euc-kr", "cp950": "big5",
}  # fmt: skip
"""Labels that mail programs use but the standard does not list."""

LINE_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
LOOKS_CHINESE = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xf7][\xa1-\xfe])+")
TWO_PAIRS = re.compile(rb"[\xb0-\xf7][\xa1-\xfe]{3}")


def clean(text: str) -> str:
    """Makes text safe to store and show: no NUL (PostgreSQL refuses it), lone surrogates or characters that hide
    words."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return UNSHOWN.sub("", LINE_BREAKS.sub("\n", whole))


def one_line(text: str, most: int) -> str:
    return " ".join(clean(text).split())[:most]


def decode(body: bytes, label: str = "") -> str:
    """Never raises. If the bytes contradict the label, tries UTF-8, GB 18030 or Windows-1252 instead."""
    name = label.strip().lower().encode("ascii", "replace").decode()
    encoding = webencodings.lookup(ALIASES.get(name, name))
    if encoding is None or encoding.name in ("replacement", "x-user-defined"):
        return _guessed(body)
    if encoding.name == WESTERN:  # often declared without being true, also as `us-ascii` and `iso-8859-1`
        return _utf8_instead(body) or str(webencodings.decode(body, encoding, "replace")[0])
    try:
        return str(webencodings.decode(body, encoding, "strict")[0])
    except UnicodeError:
        pass
    if encoding.name == UTF8:
        return _guessed(body)
    if encoding.name == "gbk":
        return str(webencodings.decode(body, CHINESE, "replace")[0])
    return _utf8_instead(body) or str(webencodings.decode(body, encoding, "replace")[0])


def _utf8_instead(body: bytes) -> str:
    try:
        return body.decode(UTF8)
    except UnicodeError:
        return ""


def _guessed(body: bytes) -> str:
    """UTF-8, even with a few broken bytes; Chinese if every byte above 127 is half of a character."""
    text = str(webencodings.decode(body, UTF8, "replace")[0])
    broken = text.count("\ufffd")
    if broken == 0 or 2 * broken <= sum(1 for sign in text if sign > "\x7f"):
        return text
    if TWO_PAIRS.search(body) and LOOKS_CHINESE.fullmatch(body):
        return str(webencodings.decode(body, CHINESE, "replace")[0])
    return str(webencodings.decode(body, WESTERN, "replace")[0])
