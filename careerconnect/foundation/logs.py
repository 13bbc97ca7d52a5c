"""Nothing personal is written to the log. Nobody logs such things on purpose; this is for what slips in.

An error may quote what it stumbled over: PostgreSQL repeats the row that broke a constraint, an HTTP library the
address with its query string (a sign-in's one-time code among it), a mail server the recipient.
"""

import logging
import re

E_MAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
TOKEN = re.compile(r"\bcc_[\w-]{6,}")
QUERY = re.compile(r"(?<=[\w/])\?[^\s'\"<>)\]]+=[^\s'\"<>)\]]*")
TELEPHONE = re.compile(r"\+\d[\d ]{7,16}\d")
ROW = re.compile(r"(DETAIL|CONTEXT|QUERY|STATEMENT): .*")
COOKIE = re.compile(r"(?i)\b(sessionid|csrftoken|authorization)\b([\"']?\s*[=:]\s*[\"']?)[^\s;,\"']+")


def without_personal_data(text: str) -> str:
    text = ROW.sub(r"\1: (left out)", text)
    text = QUERY.sub("?(left out)", text)
    text = COOKIE.sub(r"\1\2(left out)", text)
    text = TOKEN.sub("(token)", text)
    text = E_MAIL.sub("(e-mail)", text)
    return TELEPHONE.sub("(telephone)", text)


class DiscreetFormatter(logging.Formatter):
    """The message with its traceback, without e-mail addresses, telephone numbers, tokens, queries and quoted rows."""

    def format(self, record: logging.LogRecord) -> str:
        return without_personal_data(super().format(record))
