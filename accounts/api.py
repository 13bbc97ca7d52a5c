"""API views about the current person and their tokens, and the schema's description of authentication."""

from typing import Any

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.api_permissions import SignedIn
from accounts.access.permissions import signed_in
from accounts.models import AccessNeeds, ApiToken, Role, Scope
from foundation.api.base_view import BaseAPIView, PageInput, PageOutput, documented, page, rendered, validated_query
from foundation.values.public_ids import LENGTH


class PersonalTokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.access.api_authentication.PersonalTokenAuthentication"
    name = "personalToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        about = (
            "`Bearer cc_…` or `Token cc_…`, from the profile page or `manage.py api_token EMAIL`. It needs the scope "
        )
        about += "`area:read` or `area:write` of the address."
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": about}


class PortalSessionScheme(SessionScheme):
    target_class = "accounts.access.api_authentication.PortalSessionAuthentication"
    name = "portalSession"


class MeOutput(serializers.Serializer[Any]):
    id = serializers.CharField(source="person.public_id", max_length=LENGTH)
    university_id = serializers.CharField(source="person.university_id", allow_null=True)
    email = serializers.EmailField(source="person.email")
    name = serializers.CharField(source="person.name")
    given_name = serializers.CharField(source="person.given_name")
    family_name = serializers.CharField(source="person.family_name", allow_blank=True)
    preferred_name = serializers.CharField(source="person.preferred_name", allow_blank=True)
    phone = serializers.CharField(source="person.phone", allow_blank=True)
    access_needs = serializers.CharField(source="needs.text", allow_blank=True)
    declares_disability = serializers.BooleanField(source="needs.declares_disability")
    roles = serializers.ListField(source="person.roles", child=serializers.ChoiceField(Role.choices))


class ProfileAPIView(BaseAPIView):
    area = "profile"
    permission_classes = [SignedIn]


class MeAPI(ProfileAPIView):
    @documented(summary="Who I am", tag="me", answers=MeOutput, operation_id="me")
    def get(self, request: Request) -> Response:
        person = signed_in(request)
        return Response(rendered(MeOutput, {"person": person, "needs": AccessNeeds.objects.of(person)}))


class TokenOutput(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id", max_length=LENGTH)
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))
    created_at = serializers.DateTimeField()
    expires_on = serializers.DateField(help_text="The last local day on which it works.")
    last_used_on = serializers.DateField(allow_null=True, help_text="The last local day on which it was used.")


class TokenPage(PageOutput):
    results = TokenOutput(many=True)


class TokenListAPI(ProfileAPIView):
    @documented(
        summary="My tokens, but for revoked ones; never a token itself",
        tag="me",
        answers=TokenPage,
        parameters=[PageInput],
        operation_id="tokens_list",
    )
    def get(self, request: Request) -> Response:
        """Three queries."""
        wanted = validated_query(PageInput, request)
        first, most = wanted["offset"], wanted["limit"]
        mine = ApiToken.objects.visible_to(signed_in(request)).filter(revoked_at__isnull=True)
        found = list(mine.order_by("-created_at", "-pk")[first : first + most + 1])
        return page(request, found, wanted, TokenPage)
