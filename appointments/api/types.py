from django.db.models import Q
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.permissions import signed_in
from accounts.models import User
from appointments.api.base_view import AppointmentsAPIView, student_named
from appointments.models import AppointmentType
from appointments.rules.in_confidence import asks_about_disability
from appointments.selectors.api_answers import TypeAnswer
from appointments.selectors.student_types import offer_of
from appointments.serializers import OneTypeInput, TypeOutput, TypePage, TypesInput
from eligibility.selectors.student_facts import Context, student_context
from foundation.api.base_view import documented, page, rendered, validated_query

NAMED = OpenApiParameter("named", OpenApiTypes.STR, OpenApiParameter.PATH, description="Public id or slug.")


def context_of(student: User | None) -> Context | None:
    """One query; none when careers staff name no student."""
    return student_context(student.pk) if student else None


def answer(type: AppointmentType, context: Context | None, is_own: bool) -> TypeAnswer:
    """Careers staff are not told the decision for a type that would tell who has declared a disability."""
    is_told = is_own or not asks_about_disability(type)
    return TypeAnswer(type, offer_of(type, context) if context and is_told else None)


class TypeListAPI(AppointmentsAPIView):
    @documented(
        422,
        summary="What can be booked, and whether I may (ELIG-1)",
        tag="appointment types",
        answers=TypePage,
        parameters=[TypesInput],
        operation_id="types_list",
    )
    def get(self, request: Request) -> Response:
        wanted = validated_query(TypesInput, request)
        student = student_named(signed_in(request), wanted.get("student", ""))
        context, is_own = context_of(student), student == signed_in(request)
        first, most = wanted["offset"], wanted["limit"]
        types = AppointmentType.objects.offered().with_rules()[first : first + most + 1]
        return page(request, [answer(type, context, is_own) for type in types], wanted, TypePage)


class TypeDetailAPI(AppointmentsAPIView):
    @documented(
        404, 422,
        summary="One type of appointment",
        tag="appointment types",
        answers=TypeOutput,
        parameters=[NAMED, OneTypeInput],
        operation_id="types_detail",
    )  # fmt: skip
    def get(self, request: Request, named: str) -> Response:
        student = student_named(signed_in(request), validated_query(OneTypeInput, request).get("student", ""))
        found = answer(_offered_type(named), context_of(student), student == signed_in(request))
        return Response(rendered(TypeOutput, found))


def _offered_type(named: str) -> AppointmentType:
    if "\0" in named:
        raise Http404
    offered = AppointmentType.objects.offered().with_rules()
    found = offered.filter(Q(public_id=named) | Q(slug=named)).first()
    if found is None:
        raise Http404
    return found
