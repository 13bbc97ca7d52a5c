"""The message of a page after something was done, with a button that undoes it."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

TAG = "undo:"


def say_done(request: HttpRequest, text: str, undo_url: str = "") -> None:
    """Without `undo_url`, the message has no button."""
    messages.success(request, text, extra_tags=f"{TAG}{undo_url}" if undo_url else "")


def undo_url(message: Message) -> str:
    """Where the button of this message sends its form; empty if it has none."""
    tags = message.extra_tags or ""
    return tags.removeprefix(TAG) if tags.startswith(TAG) else ""
