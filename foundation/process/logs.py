"""Removes personal data from log entries. No code logs personal data on purpose, but error messages may quote it:

PostgreSQL quotes the row that violated a constraint, HTTP libraries the URL with its query string (which may contain a
one-time sign-in code), and mail servers the recipient.

An entry can be as long as a stranger's input. It is shortened before any pattern is applied, and each pattern takes a
bounded number of steps per character; `make check` and `make bench` test that.
"""

import logging
import re
from collections.abc import Iterator

LONGEST_LINE, MOST_LINES = 1_000, 200
"""Characters per line and lines per entry that are logged. Tracebacks are shorter."""

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
    """The first and last lines.

    Long lines are cut at a space, because the patterns would not recognise half an address.
    """
    if len(lines) > MOST_LINES:
        half = MOST_LINES // 2
        lines = [*lines[:half], f"({len(lines) - MOST_LINES} lines left out)", *lines[-half:]]
    return [line if len(line) <= LONGEST_LINE else _cut(line) for line in lines]


def _cut(line: str) -> str:
    kept = line[:LONGEST_LINE]
    return f"{kept[: kept.rfind(' ') + 1]}({len(line)} characters, cut)"


def _without_rows(lines: list[str]) -> Iterator[str]:
    """PostgreSQL quotes a row over several lines if a value has line breaks; the quotation ends with `).`"""
    inside = False
    for line in lines:
        if inside:
            inside = not line.endswith(").")
            continue
        inside = "DETAIL: " in line and " contains (" in line and not line.endswith(").")
        yield ROW.sub(r"\1: (left out)", line)


class DiscreetFormatter(logging.Formatter):
    """Formats the record with its traceback, without email addresses, telephone numbers, tokens, query strings and
    quoted rows.
    """

    def format(self, record: logging.LogRecord) -> str:
        return without_personal_data(super().format(record))
