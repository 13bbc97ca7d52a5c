"""The API's index, and its answer to unknown URLs."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api.base_view import BaseAPIView, rendered

PLACES = {
    "schema": "api_schema",
    "me": "api_me",
    "tokens": "api_token_list",
    "appointment_types": "api_type_list",
    "eligibility": "api_eligibility",
    "free_times": "api_free_times",
    "bookings": "api_booking_list",
    "diary": "api_diary",
    "activity_results": "api_activity_results",
    "documents": "api_document_list",
    "queries": "api_query_list",
    "query_inbox": "api_query_inbox",
}


class IndexOutput(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, Any]:
        return {name: serializers.URLField() for name in PLACES}


class Index(BaseAPIView):
    """Not rate-limited: it reads no table, so counting requests would cost more than answering them."""

    permission_classes = [AllowAny]
    authentication_classes = []
    throttle_classes = []

    @extend_schema(
        summary="Where everything is",
        description="Public.",
        tags=["index"],
        responses=IndexOutput,
        operation_id="index",
        auth=[],
    )
    def get(self, request: Request) -> Response:
        places = {name: request.build_absolute_uri(reverse(view)) for name, view in PLACES.items()}
        return Response(rendered(IndexOutput, places))


class NotFound(BaseAPIView):
    """Answers 404 problem details, not a page, for any other URL below `/api/`."""

    permission_classes = [AllowAny]
    authentication_classes = []
    http_method_names = ["get", "head", "post", "put", "patch", "delete", "options", "trace"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404
