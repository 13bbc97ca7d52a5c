"""What every endpoint has in common: JSON in and out, pages of a list, and how the schema speaks of errors."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
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
    """403 with the challenge of RFC 6750, section 3.1."""

    status_code = 403
    default_code = "token_scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"This token may not be used for this: it needs the scope {scope}.")
        self.auth_header = f'Bearer error="insufficient_scope", scope="{scope}"'


class BaseAPIView(APIView):
    """Reads small JSON only, and answers no OPTIONS: the schema is what describes an endpoint. A parameter that it does
    not name is refused: whoever asks for `?ordering=` or a filter must not take what they get for what they asked.

    `area`: a token needs the scope `area:read` to read here and `area:write` for everything else. A view that names no
    area takes no token. `is_public`: a token without the scope gets what strangers get, which the view sees to.

    `deprecation`: says in each answer, and in the schema, that the address will go away.
    """

    area = ""
    is_public = False
    deprecation: Deprecation | None = None
    http_method_names = ["get", "head", "post"]
    parser_classes = [SmallJSONParser]

    def perform_authentication(self, request: Request) -> None:
        """Each request is counted as soon as it is known whose it is; one with a token of nobody’s as the network’s."""
        try:
            super().perform_authentication(request)
        finally:
            super().check_throttles(request)

    def check_throttles(self, request: Request) -> None:
        """Done: `APIView` would only come to it after the permissions."""

    def handler_of(self, request: Request) -> Any:
        return getattr(self, str(request.method).lower(), None)

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if self.handler_of(request) is None:
            return  # not a verb of this address: answered with 405
        if not self.is_public and not self.has_scope(request):
            raise TokenScopeNeeded(self.scope_of(request))

    def scope_of(self, request: Request) -> str:
        return f"{self.area}:{'read' if request.method in SAFE_METHODS else 'write'}"

    def has_scope(self, request: Request) -> bool:
        """A session has no scopes, and needs none."""
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
            return  # not a verb of this address: answered with 405
        known: frozenset[str] = getattr(handler, "asks", frozenset())
        if problems := {name: [NO_PARAMETER] for name in request.query_params if name not in known}:
            raise serializers.ValidationError(problems, "unknown_parameter")


class PageInput(serializers.Serializer[Any]):
    """Which part of a list: so many, after leaving out so many."""

    limit = serializers.IntegerField(min_value=LEAST, max_value=MOST, default=50, help_text="How many at most.")
    offset = serializers.IntegerField(
        min_value=0, max_value=FURTHEST, default=0, help_text="How many to leave out; `next` does this for you."
    )


def validated_query(form: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The query string, checked; `BaseAPIView` has refused parameters that are not known."""
    return _checked(form, request.query_params.dict())


def validated_body(form: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The body, checked. Members that are not known are passed over: a free time may be sent back as it came."""
    return _checked(form, request.data)


def _checked(form: type[serializers.Serializer[Any]], said: Any) -> dict[str, Any]:
    """Building a form's fields takes longer than checking with them, and checking changes none of them."""
    given = copy(_built(form))
    given.initial_data = said
    given.is_valid(raise_exception=True)
    found: dict[str, Any] = given.validated_data
    return found


@cache
def _built(form: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    built = form()
    built.fields  # noqa: B018 - builds them, and the copies share them
    return built


def rendered(form: type[serializers.Serializer[Any]], answer: Any, **context: Any) -> Any:
    """The answer as the serializer that documents it says. What depends on the reader comes with `answer`, so that the
    fields are built once (building those of a booking takes ten times as long as using them); or as `context`.
    """
    shown = form(answer, context=context).data if context else _built(form).to_representation(answer)
    return dict(shown)


class PageOutput(serializers.Serializer[Any]):
    # Part of a list, whose `results` each list declares. A docstring would be in the schema of each.
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


def page(
    request: Request,
    found: Sequence[Any],
    validated_query: dict[str, Any],
    form: type[PageOutput],
    **context: Any,
) -> Response:
    """`found` is one longer than the limit where more follows: a count would cost more than it tells."""
    limit, offset = validated_query["limit"], validated_query["offset"]
    here = request.build_absolute_uri()
    more, before = len(found) > limit and offset + limit <= FURTHEST, offset > 0
    answer = {
        "next": replace_query_param(here, "offset", offset + limit) if more else None,
        "previous": replace_query_param(here, "offset", max(offset - limit, 0)) if before else None,
        "results": found[:limit],
    }
    return Response(rendered(form, answer, **context))


# How the schema speaks.


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
    errors = FieldProblem(  # type: ignore[assignment]  # RFC 9457 names its example so too
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
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "Everything can be read, but a value is not accepted: `errors` or `field` names it.",
    429: "Too many requests in a minute, or something done too often: nothing was changed; `Retry-After` says in how "
    "many seconds to try again.",
    503: "Very busy, or the database is away: try again. Nothing was changed, unless the code is `outcome_unknown`.",
}


def documented(*statuses: int, summary: str, answers: Any, tag: str, status: int = 200, **more: Any) -> Any:
    """The schema's entry of one method: what it answers, and as which problems it may refuse."""
    refusals = {(each, PROBLEM_JSON): _problem_answer(each) for each in (400, 401, 403, 422, 429, *statuses)}
    more.setdefault("description", summary)
    described = extend_schema(summary=summary, tags=[tag], responses={status: answers, **refusals}, **more)

    def decorate(method: Any) -> Any:
        found = described(method)
        found.asks = frozenset(_parameters(more.get("parameters", ())))
        return found

    return decorate


def _parameters(declared: Iterable[Any]) -> Iterator[str]:
    """The names that may stand in the query."""
    for each in declared:
        if isinstance(each, OpenApiParameter):
            yield from [each.name] if each.location == OpenApiParameter.QUERY else []
        else:
            yield from map(str, _built(each).fields)


def _problem_answer(status: int) -> Any:
    return OpenApiResponse(ProblemOutput, description=MEANINGS.get(status, ""))
