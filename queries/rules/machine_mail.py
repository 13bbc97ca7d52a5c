"""Which emails a program sent, by the signs that programs give only of their own mail (RFC 3834, 3464, 8098, 5546).

`X-Auto-Response-Suppress`, `Precedence` and `List-…` are no such signs: Exchange and group addresses add them to emails
that somebody typed.
"""

from __future__ import annotations

from queries.rules.mime import EmailParts, Headers, content_type, parameter, values, words_in

DAEMONS = ("mailer-daemon@", "mail-daemon@", "postmaster@")
RESPONDERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from")
HINTS = ("x-auto-response-suppress", "precedence")
ABSENT = (
    "automatic reply", "out of office", "out of the office", "auto reply", "auto-reply", "autoreply", "auto response",
    "automatische antwort", "abwesenheitsnotiz", "abwesend", "réponse automatique", "absence du bureau",
    "respuesta automática", "risposta automatica", "automatisch antwoord", "resposta automática", "autosvar",
    "automatiskt svar", "automatisk svar", "automatyczna odpowiedź", "automatická odpověď", "ateb awtomatig",
    "allan o'r swyddfa", "автоматический ответ", "自动回复", "自動回覆", "自動応答", "자동 회신", "رد تلقائي",
)  # fmt: skip
"""How mail programs begin the subject of an automatic answer."""
REPORTS = {
    "delivery-status": "a report about delivery",
    "disposition-notification": "a read receipt",
    "feedback-report": "a report about spam",
}
ANSWERS = frozenset({"REPLY", "COUNTER", "REFRESH"})
"""Methods of a calendar that answers an invitation."""


def automatic(headers: Headers, found: EmailParts, *, sender: str, has_words: bool) -> str:
    """Why this email counts as sent by a program; empty if somebody may have typed it."""
    submitted = values(headers, "auto-submitted").lower().partition(";")[0].strip()
    if submitted == "auto-replied":
        return "an automatic answer (Auto-Submitted)"
    if submitted not in ("", "no"):
        return "sent by a program (Auto-Submitted)"
    if content_type(headers) == "multipart/report":
        kind = parameter(headers, "report-type").lower()
        if kind in REPORTS:
            return REPORTS[kind]
    if values(headers, "return-path").strip() == "<>":
        return "a report about delivery (empty Return-Path)"
    if sender.lower().startswith(DAEMONS):
        return "a report about delivery (from a mail server)"
    if any(values(headers, name).lower() not in ("", "no") for name in RESPONDERS):
        return "an automatic answer"
    if _says_absent(headers) and any(values(headers, name) for name in HINTS):
        return "an automatic answer (by its subject)"
    if found.methods & ANSWERS and (not has_words or "@google.com" in values(headers, "message-id")):
        return "an answer to an invitation, by a calendar"
    return ""


def _says_absent(headers: Headers) -> bool:
    return words_in(values(headers, "subject")).casefold().lstrip("[( ").startswith(ABSENT)
