"""What was typed into the reply, with a template behind it, or put back after Undo."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.access.permissions import signed_in
from accounts.selectors.drafts import drafts_on
from accounts.sign_in.typed_words import keep_typed
from foundation.web.operation_view import OperationView
from queries.models import ReplyTemplate
from queries.rules.reply_words import filled
from queries.selectors.inbox import Thread


def begun_reply(request: HttpRequest, thread: Thread) -> dict[str, Any]:
    """The fields of the reply as they were sent, with the chosen template, if any, behind the words."""
    sent = request.POST
    chosen = [each for each in thread.templates if each.public_id == sent.get("template")]
    parts = [sent.get("text", "").rstrip(), *(_worded(each, request, thread) for each in chosen)]
    return {"text": "\n\n".join(part for part in parts if part), "waits": "waits" in sent}


def _worded(template: ReplyTemplate, request: HttpRequest, thread: Thread) -> str:
    first_name = thread.query.person.first_name if thread.query.person else ""
    return filled(template.text, {"first_name": first_name, "adviser": signed_in(request).first_name})


def keep_words(request: HttpRequest, view: type[OperationView], public_id: str, words: str) -> None:
    """Puts words that were sent and taken back into the box of the reply again, before what was typed there since."""
    page = reverse("query_answer", args=[public_id])
    if words:
        typed = next((typed for _, typed in drafts_on(signed_in(request), page)), {})
        since = typed.get("text", [""])[0]
        text = f"{words}\n\n{since}" if since.strip() and since != words else words
        keep_typed(request, view, page, {**typed, "text": [text], "waits": ["on"]})
