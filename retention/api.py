"""The alumni office's list for programs: leavers who agreed, and withdrawals, ordered by primary key (DATA-5)."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.api_permissions import SignedIn
from accounts.access.permissions import signed_in
from accounts.models import Role, User
from foundation.api.base_view import BaseAPIView, PageInput, PageOutput, documented, page, validated_query
from foundation.api.json_days import JsonOffsetMomentField
from retention.operations.export_alumni import record_alumni_reading
from retention.selectors.alumni import alumni_contacts, leavers_who_said


class IsAlumniRelations(SignedIn):
    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, User) and request.user.has_role(Role.ALUMNI_RELATIONS)


class PermissionOutput(serializers.Serializer[Any]):
    channel = serializers.ChoiceField(["email", "sms", "telephone", "post"])
    given = serializers.BooleanField()
    said_at = JsonOffsetMomentField()
    how = serializers.CharField()
    where = serializers.CharField()


class AlumniContactOutput(serializers.Serializer[Any]):
    id = serializers.CharField(source="person.public_id")
    university_id = serializers.CharField(source="person.university_id", allow_null=True)
    given_name = serializers.CharField(source="person.first_name")
    family_name = serializers.CharField(source="person.family_name")
    status = serializers.ChoiceField(["agreed", "withdrawn"], help_text="Withdrawn: the office stops, and no address.")
    email = serializers.CharField()
    phone = serializers.CharField()
    programme = serializers.CharField()
    completed_on = serializers.DateField(allow_null=True)
    permissions = PermissionOutput(source="said", many=True)


class AlumniContactPage(PageOutput):
    results = AlumniContactOutput(many=True)


class AlumniContactListAPI(BaseAPIView):
    area = "alumni"
    permission_classes = [IsAlumniRelations]

    @documented(
        404,
        summary="Leavers who agreed to be contacted by the alumni office, and withdrawals (DATA-5)",
        description="Every page that is read is recorded. 404 where nothing is shared with such an office.",
        tag="alumni",
        answers=AlumniContactPage,
        parameters=[PageInput],
        operation_id="alumni_contacts",
    )
    def get(self, request: Request) -> Response:
        """Seven queries."""
        wanted = validated_query(PageInput, request)
        record_alumni_reading(by=signed_in(request), first=wanted["offset"])
        first, most = wanted["offset"], wanted["limit"]
        found = alumni_contacts(list(leavers_who_said()[first : first + most + 1]))
        return page(request, found, wanted, AlumniContactPage)
