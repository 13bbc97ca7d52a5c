"""The API of “Eligibility for services”. Public; includes what applies to a student who uses a token or session."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from foundation.api.base_view import BaseAPIView, Reason, documented, rendered
from places.models import Confidentiality, MeetingMode
from portal.selectors.eligibility import EligibilityPage, TypeWords, eligibility_page


def reader(request: HttpRequest | Request) -> User | None:
    """The student who sent the request; None for everybody else."""
    user = request.user
    return user if isinstance(user, User) and user.is_student else None


class PageAddressField(serializers.URLField):
    """The URL of the page for people, from `context`; for a type, of its section there."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", **kwargs)

    def to_representation(self, value: EligibilityPage | TypeWords) -> str:
        address = str(self.context["address"])
        return address if isinstance(value, EligibilityPage) else f"{address}#{value.type.slug}"


class PlaceOutput(serializers.Serializer[Any]):
    confidentiality = serializers.ChoiceField(
        [*Confidentiality.choices, ("", "depends on the place")],
        source="level",
        help_text="Empty: it depends on the place.",
    )
    sentence = serializers.CharField(source="text")


class ChangeOutput(serializers.Serializer[Any]):
    sentence = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        day = serializers.DateField(source="starts_on", help_text="The first day on which it holds.")
        return {"from": day, **super().get_fields()}


class MineOutput(serializers.Serializer[Any]):
    state = serializers.ChoiceField(["open", "used", "not_now", "on_hold", "closed"])
    label = serializers.CharField()  # type: ignore[assignment]  # `label` is also an attribute of a serializer
    left = serializers.CharField(allow_blank=True)
    reasons = Reason(many=True)


class EligibleTypeOutput(serializers.Serializer[Any]):
    id = serializers.CharField(source="type.public_id")
    slug = serializers.CharField(source="type.slug")
    name = serializers.CharField(source="type.name")
    summary = serializers.CharField(source="type.summary")
    minutes = serializers.IntegerField(source="type.minutes")
    places = serializers.IntegerField(source="type.capacity", help_text="More than one: a group session.")
    modes = serializers.ListField(source="type.modes", child=serializers.ChoiceField(MeetingMode.choices))
    page = PageAddressField()
    who = serializers.ListField(child=serializers.CharField())
    how_many = serializers.ListField(child=serializers.CharField())
    when = serializers.ListField(child=serializers.CharField())
    where = PlaceOutput(many=True)
    missing = serializers.ListField(child=serializers.CharField())
    changes = ChangeOutput(many=True)
    mine = MineOutput(allow_null=True, help_text="What applies to the student who asks; null for anybody else.")


class EligibilityOutput(serializers.Serializer[Any]):
    as_of = serializers.DateField(source="today")
    page = PageAddressField()
    contact = serializers.CharField(source="policy.service_email")
    types = EligibleTypeOutput(many=True)


class EligibilityAPI(BaseAPIView):
    area = "appointments"
    is_public = True
    permission_classes = [AllowAny]

    @documented(
        summary="Eligibility for services: who may use what, how many, when (ELIG-1)",
        description="Public. With a student's token, each type says what applies to that student.",
        tag="eligibility",
        answers=EligibilityOutput,
        operation_id="eligibility",
    )
    def get(self, request: Request) -> Response:
        address = request.build_absolute_uri(reverse("eligibility_list"))
        whom = reader(request) if self.has_scope(request) else None
        return Response(rendered(EligibilityOutput, eligibility_page(whom), address=address))


class EligibilityJson(EligibilityAPI):
    """The same at a short URL and for everybody alike: it ignores who asks."""

    authentication_classes = []
    schema = None
