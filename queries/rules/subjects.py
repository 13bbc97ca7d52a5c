"""The subject of our emails about a query. Gmail shows emails as one conversation only if it stays the same."""

from __future__ import annotations

ANSWERS = (
    "re:", "re :", "aw:", "antw:", "sv:", "ref:", "rif:", "r:", "res:", "odp:", "ynt:", "atb:", "回复:", "回复：",
    "回覆:", "回覆：", "答复:", "答复：",
)  # fmt: skip
"""How mail programs begin the subject of an answer, folded."""


def base_subject(subject: str) -> str:
    """The subject without what mail programs put before it when somebody answers."""
    words = subject.strip()
    for _ in range(10):
        begins = next((each for each in ANSWERS if words.casefold().startswith(each)), "")
        if not begins:
            break
        words = words[len(begins) :].strip()
    return words


def answer_subject(subject: str) -> str:
    """“Re: …”, once: the subject of an answer stays as the person's mail program wrote it."""
    return subject if subject.casefold().startswith(ANSWERS) else f"Re: {subject}"
