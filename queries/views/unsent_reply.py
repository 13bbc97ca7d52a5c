"""What was typed into the reply while another button of its form was pressed: a template, Assign, Merge and so on."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.access.permissions import signed_in
from accounts.selectors.drafts import drafts_on
from accounts.sign_in.typed_words import keep_for_page, keep_typed
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


def keep_reply(request: HttpRequest, view: type[OperationView], public_id: str) -> None:
    """Saves the reply as a draft, so that the page of that query shows it again. `view`: the one that sends it."""
    keep_for_page(request, view, reverse("query_answer", args=[public_id]), text="text")


def keep_words(request: HttpRequest, view: type[OperationView], public_id: str, words: str) -> None:
    """Puts words that were sent and taken back into the box of the reply again, before what was typed there since."""
    page = reverse("query_answer", args=[public_id])
    if words:
        since = [typed["text"][0] for draft, typed in drafts_on(signed_in(request), page) if typed.get("text")]
        text = "\n\n".join([words, *(each for each in since if each.strip() and each != words)])
        keep_typed(request, view, page, {"text": [text], "waits": ["on"]})
