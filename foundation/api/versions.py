"""`ETag` and `If-Match` (RFC 9110, sections 8.8.3 and 13.1.1): a program that saw an older state changes nothing.

`If-Match` is not required: a program that leaves it out changes the thing as it finds it.
"""

import re
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from foundation.outcomes.versions import Versioned

TAG = re.compile(r'(W/)?"([\x21\x23-\x7e]{0,80})"')
MOST_TAGS = 10

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` that you read. If it has changed since, nothing is changed and the answer is 412.",
)
ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 201], description="The version, for `If-Match`."
)


def name_seen_versions(thing: Versioned, request: Request) -> None:
    """Notes on the thing which versions `If-Match` names. A weak tag never matches, `*` always does."""
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        return
    found = [TAG.fullmatch(each.strip()) for each in header.split(",", MOST_TAGS)]
    if not all(found):
        raise ValidationError({"If-Match": "Send the ETag as you received it, with its quotation marks."})
    thing.seen_versions = [f"{each[1] or ''}{each[2]}" for each in found if each]


def etag(version: str) -> dict[str, Any]:
    return {"ETag": f'"{version}"'}
