"""A view that declares a deprecation says so in every answer and in the schema; other views do not."""

from collections.abc import Iterator
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from careerconnect import urls
from careerconnect.api_urls import ROUTES
from foundation.api.base_view import BaseAPIView, documented
from foundation.api.deprecation import Deprecation
from tests.appointments.api_cast import problem

SINCE, SUNSET = date(2027, 1, 1), date(2027, 6, 30)


class OldThings(BaseAPIView):
    permission_classes = [AllowAny]
    deprecation = Deprecation(SINCE, "https://careers.example.ac.uk/news/", SUNSET, "/api/v2/things/")

    @documented(summary="Old things", tag="old", answers=None, operation_id="old_things")
    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [path("api/v1/old-things/", OldThings.as_view()), *urls.urlpatterns]
handler500 = urls.handler500


@pytest.fixture
def answer(db: None) -> Iterator[Any]:
    with override_settings(ROOT_URLCONF=__name__):
        yield Client().get("/api/v1/old-things/")


def test_each_answer_says_since_when_and_until_when(answer: Any) -> None:
    assert answer.status_code == 200
    assert answer["Deprecation"] == "@1798761600"
    assert parsedate_to_datetime(answer["Sunset"]).isoformat() == "2027-06-30T23:59:59+00:00"
    assert answer["Link"] == (
        '<https://careers.example.ac.uk/news/>; rel="deprecation"; type="text/html", '
        '</api/v2/things/>; rel="successor-version"'
    )


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_refusals_say_it_too() -> None:
    refused = Client().get("/api/v1/old-things/?unknown=1")
    assert problem(refused, 400)
    assert refused["Deprecation"] == "@1798761600"


@override_settings(ROOT_URLCONF=__name__)
def test_the_schema_marks_it_and_nothing_else() -> None:
    paths = SchemaGenerator().get_schema(public=True)["paths"]
    marked = {path for path, methods in paths.items() for each in methods.values() if each.get("deprecated")}
    declared = {f"/api/v1/{route}/" for route, view, _ in ROUTES if getattr(view, "deprecation", None)}
    assert marked == {"/api/v1/old-things/"} | declared


@pytest.mark.django_db
def test_what_is_not_deprecated_says_nothing(client: Client) -> None:
    answer = client.get("/api/v1/")
    assert not {"Deprecation", "Sunset", "Link"} & set(answer.headers)


def test_without_a_last_day_there_is_no_sunset() -> None:
    assert set(Deprecation(SINCE, "/about/").headers) == {"Deprecation", "Link"}


def test_nothing_ends_before_it_is_deprecated() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Deprecation(SUNSET, "/about/", SINCE)
