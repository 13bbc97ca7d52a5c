"""Reads every request as UTF-8, whatever charset it claims.

Django accepts any Python codec from a Content-Type and decodes the query string with it before any middleware runs:
`charset=zlib` raises a LookupError that nothing catches (Django 5.2, `HttpRequest.encoding`). Browsers send forms in
the page's charset and JSON is UTF-8 (RFC 8259), so nothing needs another charset.
"""

from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.utils.http import parse_header_parameters


class ContentTypeWithoutCharset(HttpRequest):
    """Mixin for Django's request classes: parses the parameters of a Content-Type but ignores its charset."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Utf8Request(ContentTypeWithoutCharset, WSGIRequest):
    """For `wsgi.py`."""


class Utf8AsyncRequest(ContentTypeWithoutCharset, ASGIRequest):
    """For `asgi.py`."""
