"""Every page on a screen 320 px wide, with names, subjects and links of one long word (WCAG 2.2, 1.4.10)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tests.access.asking import Caller, path_of
from tests.access.matrix import MatrixLine, lines
from tests.access.scene import set_scene
from tests.journeys.conftest import OpenPage
from tests.journeys.long_words import stretch_everything

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = {"width": 320, "height": 700}
PEOPLE = (
    "student", "careers_manager", "front_desk", "administrator", "information_governance", "wellbeing_lead",
    "alumni_relations", "adviser",
)  # fmt: skip
"""Who looks: the first of them who may open the page."""

TOO_WIDE = """
() => {
  document.querySelectorAll("main details").forEach(each => { each.open = true })
  const wide = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= wide) return []
  return [...document.querySelectorAll("body *")].filter(each => each.getBoundingClientRect().right > wide + 1)
    .map(each => `${each.tagName}.${each.className}: ${each.textContent.trim().slice(0, 30)}`).slice(-3)
}
"""
"""The innermost elements that widen the page. Tables and rows of tabs that scroll by themselves do not."""

BROKEN = """
() => {
  const broken = [], range = document.createRange()
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let text; (text = texts.nextNode());) {
    const box = text.parentElement
    if (box.closest("script, textarea, select, code, .sr-only") || !box.offsetParent) continue
    for (const word of text.data.matchAll(/\\S+/g)) {
      if (word[0].length > 14 || /[^\\p{L}\\p{N}]/u.test(word[0])) continue
      range.setStart(text, word.index)
      range.setEnd(text, word.index + word[0].length)
      if (new Set([...range.getClientRects()].map(rect => Math.round(rect.top))).size > 1)
        broken.push(`${word[0]} in ${box.tagName}.${box.className}`)
    }
  }
  return broken
}
"""
"""Words of 14 letters or fewer that stand on two lines: something beside them took their place."""


def pages() -> Iterator[tuple[MatrixLine, str]]:
    for line in lines():
        readers = [person for person in PEOPLE if person in line.verbs.get("GET", ())]
        if line.kind == "page" and readers and not line.named.startswith("admin"):
            yield line, readers[0]


def content(caller: Caller, address: str) -> str:
    """Empty for downloads, and for addresses that lead on to another page."""
    response = caller.client.get(address)
    html = response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")
    body = "" if response.streaming else response.content.decode()
    response.close()
    return body if html else ""


def test_no_page_is_wider_than_a_narrow_phone(open_page: OpenPage) -> None:
    scene, page = set_scene(), open_page(NARROW)
    stretch_everything()
    callers = {person: Caller(person, scene.people[person]) for _, person in pages()}
    problems, seen = [], 0
    page.goto(reverse("policies"))  # the pages below find their style sheet from here
    for line, person in pages():
        asked = scene.asks.get(line.asks, {})
        html = content(callers[person], path_of(scene, line) + (f"?{urlencode(asked)}" if asked else ""))
        if not html:
            continue
        page.set_content(html)
        seen += 1
        problems += [f"{line} as {person} is too wide: {each}" for each in page.evaluate(TOO_WIDE)]
        problems += [f"{line} as {person} breaks: {each}" for each in page.evaluate(BROKEN)]
    assert problems == []
    assert seen > 100
