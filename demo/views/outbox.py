"""The demonstration's tray: shows every message as its recipient would see it."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin

from demo.forms import OutboxFilter
from messaging.selectors import ReceivedMessage, received_message, received_messages

IN_JSON = (
    "id",
    "kind",
    "channel",
    "to",
    "subject",
    "text",
    "html",
    "attachments",
    "message_id",
    "state",
    "sent_at",
    "not_before",
)
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
"""Emails have their own styles and could contain anything, so scripts, network requests and forms are blocked."""


@method_decorator(never_cache, name="dispatch")
class DemonstrationView(View):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMONSTRATION:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class OutboxList(DemonstrationView):
    def get(self, request: HttpRequest) -> HttpResponse:
        form = OutboxFilter(request.GET)
        if not form.is_valid():
            raise Http404
        found = received_messages(to=form.cleaned_data["to"], state=form.cleaned_data["state"])
        if request.GET.get("format") == "json" or not request.accepts("text/html"):
            return JsonResponse([as_json(message) for message in found], safe=False)
        reset_url = request.path if any(form.cleaned_data.values()) else ""
        context = {"messages_received": found, "form": form, "reset_url": reset_url}
        return render(request, "demo/outbox_list.html", context)


class OutboxDetail(DemonstrationView):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        message = _found(public_id)
        if request.GET.get("format") == "json" or not request.accepts("text/html"):
            return JsonResponse(as_json(message))
        return render(request, "demo/outbox_detail.html", {"message": message})


@method_decorator(xframe_options_sameorigin, name="dispatch")
class OutboxHtml(DemonstrationView):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return HttpResponse(_found(public_id).html, headers={"Content-Security-Policy": MAIL_POLICY})


class OutboxAttachment(DemonstrationView):
    def get(self, request: HttpRequest, public_id: str, number: int) -> HttpResponse:
        attachments = _found(public_id).attachments
        if number >= len(attachments):
            raise Http404
        kept = attachments[number]
        headers = {"Content-Disposition": f'attachment; filename="{kept["name"]}"'}
        return HttpResponse(kept["text"], content_type=kept["content_type"], headers=headers)


def as_json(message: ReceivedMessage) -> dict[str, Any]:
    values = asdict(message)
    return {name: values[name] for name in IN_JSON}


def _found(public_id: str) -> ReceivedMessage:
    message = received_message(public_id)
    if message is None:
        raise Http404
    return message
