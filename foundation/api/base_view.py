"""What all API endpoints share: the base view, input and output serializers, pagination, and error documentation."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from foundation.api.deprecation import Deprecation
from foundation.api.json_body import SmallJSONParser
from foundation.values.public_ids import ALPHABET, LENGTH
from foundation.web.problems import PROBLEM_JSON

T = TypeVar("T")

LEAST, MOST, FURTHEST = 1, 200, 100_000
PUBLIC_ID_PATTERN = f"^[{ALPHABET}]{{{LENGTH}}}$"


NO_PARAMETER = "There is no such parameter here."


class TokenScopeNeeded(APIException):
    """403 with the `insufficient_scope` challenge of RFC 6750, section 3.1."""

    status_code = 403
    default_code = "token_scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"This token may not be used for this: it needs the scope {scope}.")
        self.auth_header = f'Bearer error="insufficient_scope", scope="{scope}"'


class BaseAPIView(APIView):
    """Base class of every API view. It reads small JSON bodies only and does not answer OPTIONS: the OpenAPI schema
    describes an endpoint.

    It refuses query parameters that the endpoint does not declare. A client that sends an unsupported `?ordering=` or
    filter would otherwise take an unfiltered answer for a filtered one.

    `area`: a token needs the scope `area:read` for safe methods and `area:write` for all others. A view without an area
    accepts no token. `is_public`: a token without the scope is let through, and the view must answer it as it answers
    strangers.

    `deprecation`: announces in each answer and in the schema that the address will be removed.
    """

    area = ""
    is_public = False
    deprecation: Deprecation | None = None
    http_method_names = ["get", "head", "post"]
    parser_classes = [SmallJSONParser]

    def perform_authentication(self, request: Request) -> None:
        """Throttles run as soon as we know who sent the request.

        A request with an unknown token counts against its network.
        """
        try:
            super().perform_authentication(request)
        finally:
            super().check_throttles(request)

    def check_throttles(self, request: Request) -> None:
        """Does nothing: `perform_authentication` has already called it, and `APIView` would only do so after the
        permissions.
        """

    def handler_of(self, request: Request) -> Any:
        return getattr(self, str(request.method).lower(), None)

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if self.handler_of(request) is None:
            return  # this address does not support the method: DRF answers 405
        if not self.is_public and not self.has_scope(request):
            raise TokenScopeNeeded(self.scope_of(request))

    def scope_of(self, request: Request) -> str:
        return f"{self.area}:{'read' if request.method in SAFE_METHODS else 'write'}"

    def has_scope(self, request: Request) -> bool:
        """A request authenticated by a session has no scopes and needs none."""
        scopes: Sequence[str] | None = getattr(request.auth, "scopes", None)
        return scopes is None or self.scope_of(request) in scopes

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        for name, value in (self.deprecation.headers if self.deprecation else {}).items():
            answer[name] = value
        return answer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        handler = self.handler_of(request)
        if handler is None:
            return  # this address does not support the method: DRF answers 405
        known: frozenset[str] = getattr(handler, "asks", frozenset())
        if problems := {name: [NO_PARAMETER] for name in request.query_params if name not in known}:
            raise serializers.ValidationError(problems, "unknown_parameter")


class IdField(serializers.RegexField):
    """A public id."""

    default_error_messages = {"invalid": f"An id has {LENGTH} lower-case letters and figures."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(PUBLIC_ID_PATTERN, trim_whitespace=False, **kwargs)


class PageInput(serializers.Serializer[Any]):
    """Which part of a list to return: at most `limit` entries, after the first `offset`."""

    limit = serializers.IntegerField(min_value=LEAST, max_value=MOST, default=50, help_text="How many at most.")
    offset = serializers.IntegerField(
        min_value=0, max_value=FURTHEST, default=0, help_text="How many to leave out; `next` does this for you."
    )


def validated_query(form: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The validated query string. `BaseAPIView` has already refused unknown parameters."""
    return _checked(form, request.query_params.dict())


def validated_body(form: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The validated body. Unknown members are ignored, so that a client can send a free time back as it received it."""
    return _checked(form, request.data)


def _checked(form: type[serializers.Serializer[Any]], said: Any) -> dict[str, Any]:
    given = form(data=said)
    given.is_valid(raise_exception=True)
    found: dict[str, Any] = given.validated_data
    return found


@cache
def _built(form: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    built = form()
    built.fields  # noqa: B018 - builds and caches them
    return built


def rendered(form: type[serializers.Serializer[Any]], answer: Any, **context: Any) -> Any:
    """The answer as its documented serializer represents it.

    Without `context` one serializer instance is built and reused, because building the fields of a booking takes ten
    times as long as using them. Anything that depends on the reader then has to be part of `answer`, or be passed as
    `context`.
    """
    shown = form(answer, context=context).data if context else _built(form).to_representation(answer)
    return dict(shown)


class PageOutput(serializers.Serializer[Any]):
    # One page of a list; subclasses declare `results`. This is no docstring because it would appear in every subclass's
    # schema.
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


def page(
    request: Request,
    found: Sequence[Any],
    validated_query: dict[str, Any],
    form: type[PageOutput],
    **context: Any,
) -> Response:
    """`found` has one entry more than the limit if there is another page. That is cheaper than a COUNT."""
    limit, offset = validated_query["limit"], validated_query["offset"]
    here = request.build_absolute_uri()
    more, before = len(found) > limit and offset + limit <= FURTHEST, offset > 0
    answer = {
        "next": replace_query_param(here, "offset", offset + limit) if more else None,
        "previous": replace_query_param(here, "offset", max(offset - limit, 0)) if before else None,
        "results": found[:limit],
    }
    return Response(rendered(form, answer, **context))


# Documentation in the OpenAPI schema.


def public_id_parameter(name: str = "public_id", about: str = "") -> OpenApiParameter:
    schema = {"type": "string", "pattern": PUBLIC_ID_PATTERN}
    return OpenApiParameter(name, schema, OpenApiParameter.PATH, description=about)


class FieldProblem(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="Dotted path of the member that is wrong; empty for the whole.")
    code = serializers.CharField()
    message = serializers.CharField()


class Reason(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Stable, for programs.")
    message = serializers.CharField(help_text="Why not.")
    remedy = serializers.CharField(help_text="What would change it; may be empty.", allow_blank=True)


class ProblemOutput(serializers.Serializer[Any]):
    """RFC 9457 problem details. `code` is stable; `detail` is a sentence for people."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    remedy = serializers.CharField(required=False, help_text="What would change it.")
    field = serializers.CharField(required=False, help_text="The member that a refusal is about.")
    errors = FieldProblem(  # type: ignore[assignment]  # RFC 9457 uses this name in its own example
        many=True, required=False, help_text="For `invalid` and `validation_failed`: each member that is wrong."
    )
    reasons = Reason(many=True, required=False, help_text="Every rule that refuses; the first speaks for all.")
    alternatives = serializers.ListField(
        child=serializers.DictField(),
        required=False,
        help_text="For a time that was lost: the nearest free times, in the shape of `/free-times/`.",
    )


MEANINGS = {
    400: "The request cannot be read: broken JSON, a value of the wrong type or shape, an unknown parameter.",
    401: "Not signed in, or the token is unknown, revoked or expired.",
    403: "Signed in, but not allowed, or not with this token: `token_scope`.",
    404: "Nothing here, or nothing that you may see: they look alike.",
    409: "Refused by a rule of the service: the code says which, the remedy what would change it.",
    412: "It has changed since you read it (`changed_since`): nothing was changed. Read it again.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "Everything can be read, but a value is not accepted: `errors` or `field` names it.",
    429: "Too many requests in a minute, or something done too often: nothing was changed; `Retry-After` says in how "
    "many seconds to try again.",
    503: "Very busy, or the database is away: try again. Nothing was changed, unless the code is `outcome_unknown`.",
}


def documented(*statuses: int, summary: str, answers: Any, tag: str, status: int = 200, **more: Any) -> Any:
    """Decorator that documents one method in the schema: its answer, and the problems that it may refuse with."""
    refusals = {(each, PROBLEM_JSON): _problem_answer(each) for each in (400, 401, 403, 422, 429, *statuses)}
    more.setdefault("description", summary)
    described = extend_schema(summary=summary, tags=[tag], responses={status: answers, **refusals}, **more)

    def decorate(method: Any) -> Any:
        found = described(method)
        found.asks = frozenset(_parameters(more.get("parameters", ())))
        return found

    return decorate


def _parameters(declared: Iterable[Any]) -> Iterator[str]:
    """The names that the query string may contain."""
    for each in declared:
        if isinstance(each, OpenApiParameter):
            yield from [each.name] if each.location == OpenApiParameter.QUERY else []
        else:
            yield from map(str, _built(each).fields)


def _problem_answer(status: int) -> Any:
    return OpenApiResponse(ProblemOutput, description=MEANINGS.get(status, ""))
