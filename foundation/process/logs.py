"""Nothing personal is written to the log. Nobody logs such things on purpose; this is for what slips in.

An error may quote what it stumbled over: PostgreSQL repeats the row that broke a constraint, an HTTP library the
address with its query string (a sign-in's one-time code among it), a mail server the recipient.

What is logged may be as long as what a stranger sent, so it is cut before any pattern sees it, and no pattern may take
more than a bounded number of steps for each character: `make check` and `make bench` hold it to that.
"""

import logging
import re
from collections.abc import Iterator

LONGEST_LINE, MOST_LINES = 1_000, 200
"""Characters and lines kept of one entry: a traceback has fewer."""

E_MAIL = re.compile(r"[\w.+'-]{0,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
TOKEN = re.compile(r"\bcc_[\w-]{6,}")
QUERY = re.compile(r"(?<=[\w/])\?[^\s'\"<>)\]]+")
TELEPHONE = re.compile(r"\+\d[\d ]{7,16}\d")
ROW = re.compile(r"(DETAIL|CONTEXT|QUERY|STATEMENT): .*")
COOKIE = re.compile(r"(?i)\b(sessionid|csrftoken|authorization)\b([\"']?\s{0,3}[=:]\s{0,3}[\"']?)[^\s;,\"']+")


def without_personal_data(text: str) -> str:
    text = "\n".join(_without_rows(shortened(text.split("\n"))))
    text = QUERY.sub("?(left out)", text)
    text = COOKIE.sub(r"\1\2(left out)", text)
    text = TOKEN.sub("(token)", text)
    text = E_MAIL.sub("(email)", text)
    return TELEPHONE.sub("(telephone)", text)


def shortened(lines: list[str]) -> list[str]:
    """The first and the last, each cut at a space or left out: half an address would pass the patterns."""
    if len(lines) > MOST_LINES:
        half = MOST_LINES // 2
        lines = [*lines[:half], f"({len(lines) - MOST_LINES} lines left out)", *lines[-half:]]
    return [line if len(line) <= LONGEST_LINE else _cut(line) for line in lines]


def _cut(line: str) -> str:
    kept = line[:LONGEST_LINE]
    return f"{kept[: kept.rfind(' ') + 1]}({len(line)} characters, cut)"


def _without_rows(lines: list[str]) -> Iterator[str]:
    """What PostgreSQL quotes goes on over several lines where a value does, up to its `).`"""
    inside = False
    for line in lines:
        if inside:
            inside = not line.endswith(").")
            continue
        inside = "DETAIL: " in line and " contains (" in line and not line.endswith(").")
        yield ROW.sub(r"\1: (left out)", line)


class DiscreetFormatter(logging.Formatter):
    """The message with its traceback, without email addresses, telephone numbers, tokens, queries and quoted rows."""

    def format(self, record: logging.LogRecord) -> str:
        return without_personal_data(super().format(record))
