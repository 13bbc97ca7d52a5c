"""Parsing of JSON request bodies, with limits on size and depth."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

MOST_BYTES = 64 * 1024
"""A booking with every text at its longest, in four-byte characters, is about 30 KiB."""


class BodyTooLarge(APIException):
    status_code = 413
    default_code = "too_large"


class SmallJSONParser(JSONParser):
    """Refuses bodies that are too large before parsing them, and bodies nested deeper than any input of this API.

    A body is read as UTF-8 (RFC 8259), whatever charset its Content-Type claims.
    """

    most_bytes = MOST_BYTES

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read(self.most_bytes + 1)
        if len(body) > self.most_bytes:
            raise BodyTooLarge(f"A request may hold {self.most_bytes // 1024} KiB at most.")
        try:
            return super().parse(BytesIO(body), media_type, {**(parser_context or {}), "encoding": "utf-8"})
        except RecursionError as error:
            raise ParseError("This JSON nests too deep.") from error
