"""How long the worst emails take to read, at a size, twice and four times that: linear, whoever wrote them.

python -m bench.emails          prints a line for each; needs no database
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from bench.figures import Goal
from queries.rules.emails import read_email

TURNS = 3
MOST_TIMES = 6.0
"""Four times the size may take this many times as long; quadratic would be 16."""
TOO_SHORT_MS = 20.0
"""Below this the clock says nothing about a ratio."""

HEAD = b"From: a@b.example\nSubject: Hello\nMessage-ID: <a@b.example>\n"


def _body(kind: str, piece: bytes, end: bytes = b"") -> Callable[[int], bytes]:
    return lambda size: HEAD + b"Content-Type: " + kind.encode() + b"\n\n" + piece * (size // len(piece)) + end


def _header(start: bytes, piece: bytes) -> Callable[[int], bytes]:
    return lambda size: HEAD + start + piece * (size // len(piece)) + b"\n\nHello"


def _nested(inside: bytes) -> Callable[[int], bytes]:
    def made(size: int) -> bytes:
        many = size // (len(inside) + 10)
        return HEAD + b"".join(inside.replace(b"%d", str(place).encode()) for place in range(many)) + b"\n\ndeep"

    return made


MULTIPART = "multipart/mixed; boundary=a"
NEST = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
WORST: dict[str, Callable[[int], bytes]] = {
    "short lines": _body("text/plain", b"x\n"),
    "quoted lines and a last one": _body("text/plain", b"> x\n", b"y"),
    "lines that nearly quote": _body("text/plain", b"On " + b"a" * 240 + b"\n"),
    "lines that nearly quote in German": _body("text/plain", b"Am " + b" schrieb" * 30 + b"\n"),
    "introductions": _body("text/plain", b"On 1/1/2026 09:12, Ann <a@b.example> wrote:\n"),
    "introductions that nearly end": _body("text/plain", b"On 09:12 <a@b.example> wrote\n\n"),
    "introductions and quoted lines": _body("text/plain", b"On 09:12 Ann wrote:\n> x\n"),
    "written and quoted lines": _body("text/plain", b"> x\ny\n"),
    "old headers that are too few": _body("text/plain", b"From: a\nSent: b\n"),
    "angle brackets and times": _body("text/plain", b"<" * 140 + b"09:1" * 30 + b":\n"),
    "quotations in quotations": _body("text/html", b"<blockquote type=cite>x"),
    "cells without an end": _body("text/html", b"<td>x<td> "),
    "flowed lines": _body("text/plain; format=flowed", b"> x \n"),
    "empty lines": _body("text/plain", b"\n"),
    "control characters": _body("text/plain", b"\x00\x07"),
    "iso-2022-jp": _body("text/plain; charset=iso-2022-jp", b"\x1b$B$3\x1b(B"),
    "broken utf-8": _body("text/plain; charset=utf-8", b"\xe2\x82 "),
    "gb2312 that is not": _body("text/plain; charset=gb2312", b"\xb0\xff"),
    "open divs": _body("text/html", b"<div>"),
    "divs and spans that close nothing": _body("text/html", b"<div></span>"),
    "open tables": _body("text/html", b"<table><td>"),
    "tags that do not end": _body("text/html", b"<a "),
    "tags that do not end, and one that does": _body("text/html", b"<a ", b">"),
    "quotes that do not end": _body("text/html", b"<a x='", b">"),
    "quotes in quotes": _body("text/html", b"<a x=\"'>'", b'">'),
    "smaller-than signs": _body("text/html", b"<"),
    "comments that do not end": _body("text/html", b"<!--", b">"),
    "sections that do not end": _body("text/html", b"<![CDATA[", b">"),
    "instructions that do not end": _body("text/html", b"<?", b">"),
    "scripts that do not end": _body("text/html", b"<script>"),
    "scripts that nearly end": _body("text/html", b"<script></scrip"),
    "ampersands": _body("text/html", b"&"),
    "one number of a character": lambda size: HEAD + b"Content-Type: text/html\n\n&#" + b"1" * size + b";",
    "numbers of characters": _body("text/html", b"&#99999999999"),
    "names of characters": _body("text/html", b"&ampersand"),
    "spaces in a tag": _body("text/html", b"<br" + b" " * 997),
    "equals signs in a tag": _body("text/html", b"=   ", b">"),
    "headers": lambda size: b"".join(b"X-%d: b\n" % place for place in range(size // 10)) + HEAD + b"\nHello",
    "a header without an end": _header(b"X-Long: ", b"x"),
    "a folded subject": _header(b"Subject: ", b"x\n "),
    "encoded words": _header(b"Subject: ", b"=?utf-8?q?a?= "),
    "encoded words that do not end": _header(b"Subject: ", b"=?utf-8?q?"),
    "recipients": _header(b"To: ", b"x@y.example, "),
    "recipients without a comma": _header(b"To: ", b"x@"),
    "comments in an address": _header(b"From: ", b"("),
    "quotes in an address": _header(b"From: ", b'"'),
    "parameters": _header(b"Content-Type: text/plain", b"; a=b"),
    "parameters in pieces": _header(b"Content-Type: text/plain; name*0=a", b"; name*1=b"),
    "parts": _body(MULTIPART, b"--a\n\nx\n"),
    "boundaries that are none": _body(MULTIPART, b"--a "),
    "parts in parts": _nested(NEST),
    "parts in parts that never begin": _nested(b"Content-Type: multipart/mixed; boundary=b\n\n"),
    "emails in emails": _nested(b"Content-Type: message/rfc822\n\n"),
    "base64": _body("text/plain\nContent-Transfer-Encoding: base64", b"A=\n"),
    "quoted-printable": _body("text/plain\nContent-Transfer-Encoding: quoted-printable", b"=\n=4"),
}


@dataclass(frozen=True, slots=True)
class EmailFigures:
    """CPU time in ms to read `size`, 2 × and 4 × `size` bytes of one kind of email."""

    kind: str
    size: int
    ms: tuple[float, float, float]

    @property
    def times(self) -> float:
        return self.ms[2] / max(self.ms[0], TOO_SHORT_MS / 4)


def took_ms(raw: bytes) -> float:
    """CPU time, so that what else the machine does counts little; the best of so many turns."""
    best = float("inf")
    for _ in range(TURNS):
        began = time.process_time()
        read_email(raw)
        best = min(best, time.process_time() - began)
    return 1000 * best


def measure_emails(size: int = 250_000) -> list[EmailFigures]:
    return [
        EmailFigures(kind, size, (took_ms(made(size)), took_ms(made(2 * size)), took_ms(made(4 * size))))
        for kind, made in WORST.items()
    ]


def email_goals(found: list[EmailFigures]) -> list[Goal]:
    return [
        Goal(
            f"an email of {each.kind}: {each.ms[0]:.1f}, {each.ms[1]:.1f}, {each.ms[2]:.1f} ms for "
            f"{each.size // 1000}, {each.size // 500} and {each.size // 250} KB "
            f"({each.times:.1f} ×; at most {MOST_TIMES:.0f} ×)",
            each.times <= MOST_TIMES,
        )
        for each in found
    ]


def as_dicts(found: list[EmailFigures]) -> list[dict[str, object]]:
    return [asdict(each) for each in found]


if __name__ == "__main__":
    for goal in email_goals(measure_emails()):
        print(f"{'PASS' if goal.reached else 'FAIL'}  {goal.said}", flush=True)
