"""Discards oversized uploads while they arrive, before they fill memory or disk."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

MOST_BYTES = 26 * 1024 * 1024
"""Bytes of all files in one request: slightly above 25 MB, the most that the policy can allow for a document."""


class LimitedUpload(FileUploadHandler):
    """Runs before Django's own upload handlers.

    An oversized upload is read to its end and discarded; the form then has no file, and `too_much_was_sent` is true.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MOST_BYTES:
            if self.request is not None:
                self.request.META["careerconnect.too_much"] = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def too_much_was_sent(request: Any) -> bool:
    return bool(request.META.get("careerconnect.too_much"))
