"""The alumni office's list for programs: those who agreed, and withdrawals, in the order of their numbers (DATA-5)."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.api_permissions import SignedIn
from accounts.access.permissions import signed_in
from accounts.models import Role, User
from foundation.api.base_view import BaseAPIView, PageInput, documented, page, validated_query
from retention.operations.export_alumni import record_alumni_reading
from retention.selectors.alumni import AlumniContact, alumni_contacts, leavers_who_said


class IsAlumniRelations(SignedIn):
    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, User) and request.user.has_role(Role.ALUMNI_RELATIONS)


class PermissionOutput(serializers.Serializer[Any]):
    channel = serializers.ChoiceField(["email", "sms", "telephone", "post"])
    given = serializers.BooleanField()
    said_at = serializers.DateTimeField()
    how = serializers.CharField()
    where = serializers.CharField()


class AlumniContactOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    university_id = serializers.CharField(allow_null=True)
    given_name = serializers.CharField()
    family_name = serializers.CharField()
    status = serializers.ChoiceField(["agreed", "withdrawn"], help_text="Withdrawn: the office stops, and no address.")
    email = serializers.CharField()
    phone = serializers.CharField()
    programme = serializers.CharField()
    completed_on = serializers.DateField(allow_null=True)
    permissions = PermissionOutput(many=True)


class AlumniContactPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AlumniContactOutput(many=True)


def contact_shape(each: AlumniContact) -> dict[str, Any]:
    person, course = each.person, None if each.is_withdrawn else each.course
    return {
        "id": person.public_id,
        "university_id": person.university_id,
        "given_name": person.preferred_name or person.given_name,
        "family_name": person.family_name,
        "status": "withdrawn" if each.is_withdrawn else "agreed",
        "email": each.email,
        "phone": each.phone,
        "programme": course.programme.name if course else "",
        "completed_on": course.completed_on.isoformat() if course and course.completed_on else None,
        "permissions": [
            {
                "channel": said.channel,
                "given": said.given,
                "said_at": said.said_at.isoformat(),
                "how": said.how,
                "where": said.where,
            }
            for said in each.said
        ],
    }


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
        return page(request, found, wanted, contact_shape)
