"""Separates the new text of an email from what it quotes of earlier ones."""

from __future__ import annotations

import re

LONGEST_LINE = 300
"""A line that introduces a quotation is short; longer lines are not examined."""
QUOTE_BEGINS = re.compile(
    r"(?:On .{5,250} wrote|Am .{5,200} schrieb .{0,80}|Le .{5,200} a écrit ?|El .{5,200} escribió"
    r"|Il .{5,200} ha scritto|Op .{5,200} schreef .{0,80}|.{5,200}写道|.{5,200}のメール) ?[:：]"
    r"|-{2,} ?(?:Original Message|Original-Nachricht|Ursprüngliche Nachricht|Message d'origine|原始邮件) ?-{2,}|_{10,}"
)
OUTLOOK = ("from:", "von:", "de:", "发件人:", "发件人：")
OUTLOOK_NEXT = ("sent:", "date:", "gesendet:", "envoyé :", "enviado:", "发送时间:", "发送时间：")


def parted(text: str) -> tuple[str, str]:
    """The new text and the quoted text. Passes over the lines twice, whatever they contain."""
    lines = text.replace("\xa0", " ").split("\n")
    place = min(_named(lines), _marked(lines))
    as_sent = text.split("\n")
    return "\n".join(as_sent[:place]).strip(), "\n".join(as_sent[place:]).strip()


def _named(lines: list[str]) -> int:
    """The line that introduces a quotation. Gmail may break it in two; Outlook writes the old headers."""
    for place, line in enumerate(lines):
        if len(line) > LONGEST_LINE:
            continue
        bare = line.strip()
        after = lines[place + 1].strip() if place + 1 < len(lines) and len(lines[place + 1]) <= LONGEST_LINE else ""
        if QUOTE_BEGINS.fullmatch(bare) or (after.endswith((":", "：")) and _in_two(bare, after)):
            return place
        if bare.lower().startswith(OUTLOOK) and after.lower().startswith(OUTLOOK_NEXT):
            return place
    return len(lines)


def _in_two(bare: str, after: str) -> bool:
    return bare.startswith(("On ", "Am ", "Le ")) and QUOTE_BEGINS.fullmatch(f"{bare} {after}") is not None


def _marked(lines: list[str]) -> int:
    """The line after which all lines are quoted with `>` or empty."""
    last = max((place for place, line in enumerate(lines) if line.strip() and not line.startswith(">")), default=-1)
    return next((place for place in range(last + 1, len(lines)) if lines[place].startswith(">")), len(lines))


def unflowed(text: str, *, deletes_space: bool) -> str:
    """Joins lines by format=flowed (RFC 3676): a line ending in a space continues on the next one of the same depth."""
    said: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        flows = bare.endswith(" ") and bare != "-- "
        words = bare[:-1] if flows and deletes_space else bare
        if depth == open_depth and bare != "-- ":
            said.append(words)
        else:
            said.append(("\n" if said else "") + (">" * depth + " " if depth else "") + words)
        open_depth = depth if flows else -1
    return "".join(said)
