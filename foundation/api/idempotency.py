"""`Idempotency-Key`: the same request sent twice is answered once."""

import re

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

KEY = re.compile(r"[\x21-\x7e]{1,80}")
KEY_PARAMETER = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,80}$"},
    OpenApiParameter.HEADER,
    description="Asking again with the same key and body answers with the same thing; with another body it is 422.",
)


def idempotency_key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if key and not KEY.fullmatch(key):
        raise ValidationError({"Idempotency-Key": "A key has 1 to 80 printable characters without spaces."})
    return key
