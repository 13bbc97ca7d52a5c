"""Separates what somebody wrote in an email from what it repeats of earlier ones.

Every line is looked at a fixed number of times, and only short lines are examined at all, so that time grows only with
the length. Where it is not certain that text is repeated, it stays visible.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from queries.rules.quote_words import (
    DATES,
    FORWARDS,
    FROMS,
    MOBILE_FOOTERS,
    ORIGINALS,
    STARTS,
    SUBJECTS,
    WROTE,
)

LONGEST_LINE = 300
"""A line that introduces a quotation is short; longer lines are not examined."""
MOST_LINES = 3
"""Mail programs break the line that introduces a quotation into this many at most."""
MOST_BLOCKS = 1000
"""Written and quoted blocks. What follows them counts as written: nobody answers so many lines one by one."""
TIME = re.compile(r"[0-9]{1,2} ?[:.hH時时點点] ?[0-9]{2}")
ADDRESS = re.compile(r"<[^<>@\s]{1,64}@[^<>@\s]{1,190}>")
COLONS = (":", "：")
RULES = ("-", "_")
RULE = re.compile(r"[_-]{10,}|[-_]{2} ?")
DASHES = re.compile(r"-{2,} ?([^-]{1,80}?) ?-{2,}")
LABEL = re.compile(r"[*> ]{0,4}([^:：]{1,30}?)[* ]{0,3}[:：]")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines `start` to `end` (excluded). `is_quoted`: they repeat an earlier email.

    `is_certain`: a line before them names an address or a time, as mail programs do and people do not.
    """

    start: int
    end: int
    is_quoted: bool
    is_certain: bool = False


def reading(texts: Sequence[str], *, is_forward: bool = False) -> tuple[str, str]:
    """What to show of the text parts of an email, and the rest.

    If nothing but a signature would be shown, everything is shown. So is a forwarded email: it is why they write.
    """
    pieces = [(text.strip(), "") if is_forward else parted(text) for text in texts]
    said, rest = ("\n\n".join(each[number] for each in pieces if each[number]) for number in (0, 1))
    return (said, rest) if not rest or says_something(said) else ("\n\n".join(text.strip() for text in texts), "")


def says_something(text: str) -> bool:
    """False if there is only a signature, or the line that a telephone adds."""
    lines = [line.strip() for line in text.split("\n")]
    before = lines[: lines.index("--")] if "--" in lines else lines
    return any(line and not line.casefold().startswith(MOBILE_FOOTERS) for line in before)


def parted(text: str) -> tuple[str, str]:
    """The new text and the text repeated from earlier emails, each in the order it was sent."""
    as_sent = text.split("\n")
    lines = [line.replace("\xa0", " ") for line in as_sent]
    ends = _earlier_email(lines)
    blocks = _blocks(lines[:ends])
    hidden = _hidden(lines, blocks)
    return (
        _joined(as_sent, [block for block in blocks if block.start not in hidden]),
        _joined(as_sent, [block for block in blocks if block.start in hidden] + [Block(ends, len(lines), True)]),
    )


def _joined(lines: list[str], blocks: list[Block]) -> str:
    """The lines of these blocks, with an empty line where something between them was taken out."""
    spans: list[list[int]] = []
    for block in blocks:
        if spans and spans[-1][1] == block.start:
            spans[-1][1] = block.end
        else:
            spans.append([block.start, block.end])
    pieces = ["\n".join(lines[start:end]).strip() for start, end in spans]
    return "\n\n".join(piece for piece in pieces if piece)


def _hidden(lines: list[str], blocks: list[Block]) -> set[int]:
    """Where the quoted blocks begin that can be hidden without hiding what an answer refers to.

    Those at the end; one at the beginning, if a mail program introduced it and one answer follows; one before a
    signature. Answers between quoted lines need them all.
    """
    said = [block for block in blocks if not block.is_quoted]
    ends = said[-1].end if said else 0
    quoted = [block for block in blocks if block.is_quoted and block.start < ends]
    last = {block.start for block in blocks if block.is_quoted and block.start >= ends}
    if last and _is_introduced(lines, said, min(last)):
        last.remove(min(last))
    if len(quoted) != 1 or not quoted[0].is_certain:
        return last
    is_first, after = quoted[0] is blocks[0], lines[said[-1].start : ends]
    return last | {quoted[0].start} if is_first or _begins_signature(after) else last


def _is_introduced(lines: list[str], said: list[Block], start: int) -> bool:
    """Did the person quote it for us? “The advert says:” is theirs, and so is what follows."""
    if not said or not lines[start].startswith(">"):
        return False
    before = [line.strip() for line in lines[said[-1].start : said[-1].end] if line.strip()]
    return before[-1].endswith(COLONS)


def _begins_signature(lines: list[str]) -> bool:
    first = next((line.strip() for line in lines if line.strip()), "")
    return RULE.fullmatch(first) is not None or first.casefold().startswith(MOBILE_FOOTERS)


def _blocks(lines: list[str]) -> list[Block]:
    """Divides the lines into written and quoted ones. Empty lines between quoted lines are quoted."""
    found: list[Block] = []
    begun = 0
    place = 0
    while place < len(lines) and len(found) < MOST_BLOCKS:
        if not lines[place].startswith(">"):
            place += 1
            continue
        start, is_certain = _introduction(lines, begun, place)
        if any(line.strip() for line in lines[begun:start]):
            found.append(Block(begun, start, is_quoted=False))
        else:
            start = begun
        last = place
        while place < len(lines) and (lines[place].startswith(">") or not lines[place].strip()):
            last = place if lines[place].startswith(">") else last
            place += 1
        begun = last + 1
        found.append(Block(start, begun, is_quoted=True, is_certain=is_certain))
    if any(line.strip() for line in lines[begun:]):
        found.append(Block(begun, len(lines), is_quoted=False))
    return found


def _introduction(lines: list[str], begun: int, place: int) -> tuple[int, bool]:
    """The first line of what introduces the quotation at `place`, and whether a mail program wrote it."""
    last = place - 1
    while last >= begun and place - last <= 2 and not lines[last].strip():
        last -= 1
    found = (place, False)
    for number in range(1, MOST_LINES + 1):
        first = last - number + 1
        if first < begun or not lines[first].strip() or len(lines[first]) > LONGEST_LINE:
            break
        words = " ".join(line.strip() for line in lines[first : last + 1])
        if kind := introduces(words):
            found = (first, kind == "certain")
            if not words.startswith("<"):  # otherwise the line before may begin it
                break
    return found


def introduces(line: str) -> str:
    """Does this line introduce a quotation? "certain" if a mail program wrote it, "likely" if a person may have."""
    if not line.endswith(COLONS) or line.count("<") != line.count(">"):
        return ""
    words = line.casefold()
    wrote = any(each in words for each in WROTE)
    has_time = TIME.search(line) is not None
    if has_time and (wrote or ADDRESS.search(line)):
        return "certain"
    if ADDRESS.search(line) and wrote:
        return "certain"
    return "likely" if wrote and words.startswith(STARTS) else ""


def _earlier_email(lines: list[str]) -> int:
    """The line from which everything is an earlier email, without a mark at each line (Outlook, Yahoo).

    Nothing is searched for below a forwarded email: that is what the person wants us to read. Lines without a colon are
    passed over at once, since most are.
    """
    for place, line in enumerate(lines):
        if not (":" in line or "：" in line or line.startswith(RULES)) or len(line) > LONGEST_LINE or line[0] == ">":
            continue
        bare = line.strip()
        if _is_forward(bare):
            return len(lines)
        if _is_divider(lines, place, bare) or _is_old_header(lines, place):
            return place
        if bare.endswith(COLONS) and (begins := _bare_introduction(lines, place)) is not None:
            return begins
    return len(lines)


def _is_forward(bare: str) -> bool:
    words = bare.casefold()
    return (words.startswith("-") or words.endswith(COLONS)) and words.strip("-: ：").startswith(FORWARDS)


def _is_divider(lines: list[str], place: int, bare: str) -> bool:
    """ "-----Original Message-----" in its languages, or a line of underscores above old headers."""
    if (found := DASHES.fullmatch(bare)) and found[1].casefold() in ORIGINALS:
        return True
    if len(bare) < 10 or set(bare) - {"_"}:
        return False
    after = next((line for line in lines[place + 1 : place + 4] if line.strip()), "")
    return _label(after) in FROMS


def _is_old_header(lines: list[str], place: int) -> bool:
    """Who, when and about what, one line each, beginning with who. A journey from Leeds to York on Monday is none."""
    if _label(lines[place]) not in FROMS:
        return False
    labels = {_label(line) for line in lines[place + 1 : place + 6]}
    return bool(labels & DATES) and bool(labels & SUBJECTS)


def _label(line: str) -> str:
    found = LABEL.match(line[:60])
    return found[1].strip().casefold() if found else ""


def _bare_introduction(lines: list[str], place: int) -> int | None:
    """Where an introduction that ends here begins, if no marked line follows it.

    It needs an address in angle brackets and a time.
    """
    after = next((line for line in lines[place + 1 : place + 4] if line.strip()), ">")
    for first in range(place, max(place - MOST_LINES, -1), -1):
        if not lines[first].strip() or len(lines[first]) > LONGEST_LINE or lines[first].startswith(">"):
            break
        words = " ".join(line.strip() for line in lines[first : place + 1])
        if ADDRESS.search(words) and TIME.search(words) and introduces(words) == "certain":
            return None if after.startswith(">") else first
    return None


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
