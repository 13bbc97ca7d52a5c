"""Extracts the text of an HTML email, to be read as plain text. Its HTML is never shown.

Takes time linear in the length. The available parsers do not: `html.parser` (before Python 3.11.14) takes 48 s for 60
KB of `<a `, and nh3 23 s for 100,000 open `<div>`. This builds no tree; it only needs to know where a tag ends.
"""

from __future__ import annotations

import html
import re

MOST_TAGS = 200_000
MOST_LETTERS = 400_000
NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:-]{0,30})")
VALUE_OR_END = re.compile(r"=[ \t\r\n\f]*([\"'])|>")
HUGE_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")
"""No character has such a number, and `int` of a long one takes quadratic time or is refused."""
SPACES = re.compile(r"[ \t\r\n\f]+")
EMPTY_LINES = re.compile(r"\n{3,}")
ALT = re.compile(r"\salt=(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
MOST_OF_A_TAG = 2_000

PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "pre"})
LINES = frozenset({
    "div", "tr", "li", "hr", "section", "article", "header", "footer", "main", "dl", "dt", "dd", "address", "center",
    "caption", "figure", "figcaption", "form", "fieldset", "legend", "details", "summary", "aside", "nav", "option",
})  # fmt: skip
CELLS = frozenset({"td", "th", "button", "label"})
"""Set apart from their neighbours by a space, even where the end tag of a cell is left out."""
QUOTES = re.compile(r"\s(?:type\s{0,9}=\s{0,9}[\"']?cite|cite\s{0,9}=|class\s{0,9}=[^>]{0,80}quote)", re.IGNORECASE)
"""How mail programs mark a quotation. Others indent with the same tag what somebody wrote."""
UNREAD = frozenset({"script", "style", "title"})
"""Skipped with their content, which the sender did not write."""


def words_of(markup: str) -> tuple[str, bool]:
    """The text, and whether it was cut."""
    return _Reading(markup).all()


class _Reading:
    """One pass, left to right. Something once searched for in vain is not searched for again."""

    def __init__(self, markup: str) -> None:
        self.markup, self.place, self.tags, self.letters = markup, 0, 0, 0
        self.said: list[str] = []
        self.last_end = markup.rfind(">")
        self.quotes_close = self.comments_close = True
        self.never_closed: set[str] = set()
        self.preformatted = False
        self.breaks = 2
        self.blockquotes: list[bool] = []
        self.quoting = 0

    def all(self) -> tuple[str, bool]:
        while self.place < len(self.markup) and not self.is_cut:
            opens = self.markup.find("<", self.place)
            if opens < 0 or opens > self.last_end:
                opens = len(self.markup)
            self._say(self.markup[self.place : opens])
            self.place = opens
            if opens < len(self.markup):
                self._pass_tag()
        lines = "".join(self.said).split("\n")
        text = "\n".join(line.strip(" \t") for line in lines).strip()
        return EMPTY_LINES.sub("\n\n", text), self.is_cut

    @property
    def is_cut(self) -> bool:
        return self.tags > MOST_TAGS or self.letters > MOST_LETTERS

    def _say(self, text: str) -> None:
        if not text:
            return
        text = html.unescape(HUGE_REFERENCE.sub("\ufffd", text))
        text = text if self.preformatted else SPACES.sub(" ", text)
        if self.quoting and not text.isspace():
            text = ("> " + text.lstrip(" ") if self.breaks else text).replace("\n", "\n> ")
        self.said.append(text)
        self.letters += len(text)
        self.breaks = self.breaks if text.isspace() else 0

    def _pass_tag(self) -> None:
        """Moves past the tag that begins here. A `<` that begins no tag is an ordinary character."""
        self.tags += 1
        after = self.markup[self.place + 1 : self.place + 2]
        if after in ("!", "?"):
            self._pass_comment()
            return
        name = NAME.match(self.markup, self.place + 1)
        if name is None:
            self._say("<")
            self.place += 1
            return
        begun, self.place = self.place, self._end_of_tag(name.end())
        self._break(
            name[1].lower(), is_end=after == "/", tag=self.markup[begun : min(self.place, begun + MOST_OF_A_TAG)]
        )

    def _pass_comment(self) -> None:
        if self.comments_close and self.markup.startswith("<!--", self.place):
            ends = self.markup.find("-->", self.place + 4)
            self.comments_close = ends >= 0
            if ends >= 0:
                self.place = ends + 3
                return
        self.place = self.markup.find(">", self.place) + 1

    def _end_of_tag(self, place: int) -> int:
        """A `>` in a quoted value does not end a tag.

        Once a quote is never closed, any `>` ends a tag, from there to the end.
        """
        begun = place
        while self.quotes_close:
            found = VALUE_OR_END.search(self.markup, place)
            if found and found[0] == ">":
                return found.end()
            closes = self.markup.find(found[1], found.end()) if found else -1
            self.quotes_close = closes >= 0
            place = closes + 1
        return self.markup.find(">", begun) + 1

    def _break(self, name: str, *, is_end: bool, tag: str) -> None:
        if name in UNREAD and not is_end and name not in self.never_closed:
            closes = re.compile(f"</{name}", re.IGNORECASE).search(self.markup, self.place)
            if closes is None:
                self.never_closed.add(name)
            else:
                self.place = closes.start()
        elif name == "br":
            self._new_line(self.breaks + 1)
        elif name in PARAGRAPHS:
            self.preformatted = not is_end if name == "pre" else self.preformatted
            self._new_line(2)
            if name == "blockquote":
                self._quote(is_end=is_end, tag=tag)
        elif name in LINES:
            self._new_line(1)
        elif name in CELLS:
            self.said.append("" if self.breaks or self.said[-1].endswith(" ") else " ")
        elif name == "img" and (alt := ALT.search(tag)):
            self._say(alt[1] or alt[2] or "")

    def _quote(self, *, is_end: bool, tag: str) -> None:
        """Marks each line inside with `>`, once however deep it is: the depth is a stranger's choice."""
        if not is_end:
            self.blockquotes.append(QUOTES.search(tag) is not None)
            self.quoting += self.blockquotes[-1]
        elif self.blockquotes:
            self.quoting -= self.blockquotes.pop()

    def _new_line(self, breaks: int) -> None:
        """Ensures at least this many line breaks, however many elements begin and end here."""
        if breaks > self.breaks:
            self.said.append("\n" * (breaks - self.breaks))
            self.breaks = breaks
