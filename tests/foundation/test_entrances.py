"""WSGI and ASGI give the same answer to a charset that Python knows and HTTP does not."""

from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from careerconnect.asgi import application as asgi
from careerconnect.wsgi import application as wsgi

CHARSETS = ["zlib", "base64", "rot13", "utf-8"]


FORM = "application/x-www-form-urlencoded; charset="


@pytest.mark.parametrize("charset", CHARSETS)
def test_asgi_reads_no_charset_of_a_request(charset: str) -> None:
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"a=b",
             "headers": [(b"content-type", f"{FORM}{charset}".encode())]}  # fmt: skip
    request = asgi.request_class(scope, BytesIO(b"a=b"))
    assert (request.GET["a"], request.POST["a"]) == ("b", "b")


@pytest.mark.parametrize("charset", CHARSETS)
def test_wsgi_reads_no_charset_of_a_request(charset: str) -> None:
    environ: dict[str, Any] = {"QUERY_STRING": "a=b", "REQUEST_METHOD": "POST", "CONTENT_TYPE": f"{FORM}{charset}",
                               "CONTENT_LENGTH": "3", "wsgi.input": BytesIO(b"a=b")}  # fmt: skip
    setup_testing_defaults(environ)
    request = wsgi.request_class(environ)
    assert (request.GET["a"], request.POST["a"]) == ("b", "b")
