"""Who is asking, and how the schema describes signing in."""

from typing import Any

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.api_permissions import SignedIn
from accounts.models import AccessNeeds, Role, User
from foundation.api.base_view import BaseAPIView, documented
from foundation.values.public_ids import LENGTH


class PersonalTokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.access.api_authentication.PersonalTokenAuthentication"
    name = "personalToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        about = "`Token cc_…`, from the profile page or `manage.py api_token EMAIL`."
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": about}


class PortalSessionScheme(SessionScheme):
    target_class = "accounts.access.api_authentication.PortalSessionAuthentication"
    name = "portalSession"


class MeOutput(serializers.Serializer[Any]):
    id = serializers.CharField(max_length=LENGTH)
    university_id = serializers.CharField(allow_null=True)
    email = serializers.EmailField()
    name = serializers.CharField()
    given_name = serializers.CharField()
    family_name = serializers.CharField(allow_blank=True)
    preferred_name = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    access_needs = serializers.CharField(allow_blank=True)
    declares_disability = serializers.BooleanField()
    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices))


def person_shape(person: User, needs: AccessNeeds) -> dict[str, Any]:
    return {
        "id": person.public_id,
        "university_id": person.university_id,
        "email": person.email,
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "preferred_name": person.preferred_name,
        "phone": str(person.phone),
        "access_needs": needs.text,
        "declares_disability": needs.declares_disability,
        "roles": list(person.roles),
    }


class MeAPI(BaseAPIView):
    permission_classes = [SignedIn]

    @documented(summary="Who I am", tag="me", answers=MeOutput, operation_id="me")
    def get(self, request: Request) -> Response:
        return Response(person_shape(request.user, AccessNeeds.objects.of(request.user)))
