"""Requests are UTF-8, whatever charset they claim.

Django takes any codec that Python knows from a Content-Type and then reads the query string with it, before any
middleware runs: `charset=zlib` ends in a LookupError that nothing catches (Django 5.2, `HttpRequest.encoding`).
Forms answer in the page's own charset and JSON is UTF-8 (RFC 8259), so nothing needs another.
"""

from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.utils.http import parse_header_parameters


class ContentTypeWithoutCharset(HttpRequest):
    """Mixin for Django's request classes: reads the parameters of a Content-Type and ignores its charset."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Utf8Request(ContentTypeWithoutCharset, WSGIRequest):
    """For `wsgi.py`."""


class Utf8AsyncRequest(ContentTypeWithoutCharset, ASGIRequest):
    """For `asgi.py`."""
