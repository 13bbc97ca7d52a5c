"""Markdown that colleagues write for public pages, as safe HTML."""

from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h3", "h4", "h5", "h6", "blockquote", "code", "hr"}
DEEPER = 2
"""A page has its h1, and its own parts are h2."""


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable("image")


def markdown_html(text: str) -> SafeString:
    """Without raw HTML and pictures. Headings begin at h3; links open nothing that can reach back to the page."""
    tokens = _parser().parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + DEEPER, 6)}"
    html = _parser().renderer.render(tokens, _parser().options, {})
    clean = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"https", "http", "mailto"})
    return mark_safe(clean)


def markdown_text(text: str) -> str:
    """The same text without any markup, for descriptions and calendars."""
    return " ".join(nh3.clean(markdown_html(text), tags=set()).split())
