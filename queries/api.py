"""The queries API. It uses the same operations, limits and wording as the pages."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.api_permissions import IsStudent, SignedIn
from accounts.access.permissions import signed_in
from accounts.models import User
from documents.models import Document
from foundation.api.base_view import (
    BaseAPIView,
    PageInput,
    documented,
    page,
    public_id_parameter,
    rendered,
    validated_body,
    validated_query,
)
from foundation.api.idempotency import KEY_PARAMETER, idempotency_key
from foundation.api.versions import ETAG, IF_MATCH, etag, name_seen_versions
from foundation.outcomes.refusals import Refused
from foundation.values.public_ids import id_in
from queries.models import Query, Via, categories_answered_by
from queries.operations.handle_query import assign_query, reopen_query, resolve_query
from queries.operations.open_query import NewQuery, open_query
from queries.operations.write_message import reply_to_query, write_to_query
from queries.rules.about import NOTHING, About
from queries.selectors.about import about_of
from queries.selectors.inbox import inbox, own_queries, thread_of
from queries.serializers import (
    AssignQueryInput,
    InboxInput,
    QueryMessageOutput,
    QueryOutput,
    QueryPage,
    QueryReplyInput,
    RaiseQueryInput,
    ResolveQueryInput,
    ThreadOutput,
)

ID = public_id_parameter()
RELATED = ("person", "owner", "strike", "merged_into")


class AnswersQueries(SignedIn):
    """People who answer some category of query; `Query.answered_by` decides which queries."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, User) and bool(categories_answered_by(request.user))


class UsesQueries(AnswersQueries):
    """Students, and people who answer queries."""

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        return isinstance(user, User) and (user.is_student or super().has_permission(request, view))


class QueriesAPIView(BaseAPIView):
    area = "queries"
    permission_classes = [UsesQueries]

    def query_of(self, public_id: str) -> Query:
        """One query. Raises 404 both for a query that does not exist and for one the user may not see."""
        visible = Query.objects.visible_to(signed_in(self.request)).select_related(*RELATED)
        found: Query = get_object_or_404(visible, public_id=id_in(public_id))
        name_seen_versions(found, self.request)
        return found

    def answer(self, query: Query, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        said = {**self.etag_of(query), **(headers or {})}
        return Response(rendered(QueryOutput, query, reader=self.request.user), status, headers=said)

    def etag_of(self, query: Query) -> dict[str, str]:
        """People do not see what changes between colleagues. At most one query."""
        return etag(query.persons_version if query.person_id == self.request.user.pk else query.version)

    def listed(self, request: Request, found: QuerySet[Query], wanted: dict[str, Any]) -> Response:
        first, most = wanted["offset"], wanted["limit"]
        rows = list(found.select_related(*RELATED)[first : first + most + 1])
        return page(request, rows, wanted, QueryPage, reader=request.user)


class QueryListAPI(QueriesAPIView):
    permission_classes = [IsStudent]

    @documented(
        summary="My queries, the latest first",
        tag="queries",
        answers=QueryPage,
        parameters=[PageInput],
        operation_id="queries_list",
    )
    def get(self, request: Request) -> Response:
        """Three queries."""
        return self.listed(request, own_queries(signed_in(request)), validated_query(PageInput, request))

    @documented(
        409, 413, 415, 503,
        summary="Raise a query (MAIL-1)",
        tag="queries",
        answers=QueryOutput,
        status=201,
        request=RaiseQueryInput,
        parameters=[KEY_PARAMETER, ETAG],
        operation_id="queries_create",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        person, said = signed_in(request), validated_body(RaiseQueryInput, request)
        about, documents = _about(person, said.get("missed", "")), _documents(person, said["documents"])
        raised = NewQuery(said["category"], said["subject"], said["text"], about, documents)
        query = open_query(person=person, asked=raised, by=person, via=Via.API, once=idempotency_key(request))
        return self.answer(query, 201, headers={"Location": reverse("api_query_detail", args=[query.public_id])})


class QueryInboxAPI(QueriesAPIView):
    permission_classes = [AnswersQueries]

    @documented(
        summary="The inbox: what I may answer, the most urgent first",
        tag="queries",
        answers=QueryPage,
        parameters=[InboxInput],
        operation_id="queries_inbox",
    )
    def get(self, request: Request) -> Response:
        """Four queries."""
        wanted = validated_query(InboxInput, request)
        view = "" if wanted["view"] == "open" else wanted["view"]
        words = " ".join(wanted["q"].split())
        found = inbox(signed_in(request), view, wanted.get("category", ""), words)
        return self.listed(request, found, wanted)


class QueryDetailAPI(QueriesAPIView):
    @documented(
        404,
        summary="One query with its messages",
        tag="queries",
        answers=ThreadOutput,
        parameters=[ID, ETAG],
        operation_id="queries_detail",
    )
    def get(self, request: Request, public_id: str) -> Response:
        """Seven queries."""
        user = signed_in(request)
        thread = thread_of(self.query_of(public_id), user)
        return Response(rendered(ThreadOutput, thread, reader=user), headers=self.etag_of(thread.query))


class QueryReplyAPI(QueriesAPIView):
    @documented(
        404, 409, 412, 413, 415, 503,
        summary="Write into my query; or, as a colleague, reply to the person",
        description="The person's message opens a resolved query again. A colleague's reply is sent by email.",
        tag="queries",
        answers=QueryMessageOutput,
        status=201,
        request=QueryReplyInput,
        parameters=[ID, KEY_PARAMETER, IF_MATCH],
        operation_id="queries_reply",
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        user, query, said = signed_in(request), self.query_of(public_id), validated_body(QueryReplyInput, request)
        key = idempotency_key(request)
        if query.person_id == user.pk:
            message = write_to_query(query=query, text=said["text"], by=user, via=Via.API, once=key)
        else:
            waits = said["waits"]
            message = reply_to_query(query=query, text=said["text"], by=user, waits=waits, via=Via.API, once=key)
        return Response(rendered(QueryMessageOutput, message), 201)


class QueryResolveAPI(QueriesAPIView):
    @documented(
        404, 409, 412, 413, 415, 503,
        summary="Mark as done: mine, or one that I answer",
        tag="queries",
        answers=QueryOutput,
        request=ResolveQueryInput,
        parameters=[ID, IF_MATCH, ETAG],
        operation_id="queries_resolve",
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        query, said = self.query_of(public_id), validated_body(ResolveQueryInput, request)
        return self.answer(resolve_query(query=query, by=signed_in(request), undecided=said["undecided"]))


class QueryReopenAPI(QueriesAPIView):
    @documented(
        404, 409, 412, 413, 415, 503,
        summary="Open again: mine, or one that I answer",
        tag="queries",
        answers=QueryOutput,
        request=None,
        parameters=[ID, IF_MATCH, ETAG],
        operation_id="queries_reopen",
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        return self.answer(reopen_query(query=self.query_of(public_id), by=signed_in(request)))


class QueryAssignAPI(QueriesAPIView):
    permission_classes = [AnswersQueries]

    @documented(
        404, 409, 412, 413, 415, 503,
        summary="Assign to a colleague, to myself or to nobody",
        tag="queries",
        answers=QueryOutput,
        request=AssignQueryInput,
        parameters=[ID, IF_MATCH, ETAG],
        operation_id="queries_assign",
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        query, said = self.query_of(public_id), validated_body(AssignQueryInput, request)
        owner = User.objects.filter(public_id=said["owner"]).first() if said["owner"] else None
        if said["owner"] and owner is None:
            raise Refused("unknown_colleague", "There is no such colleague.", field="owner", status=422)
        return self.answer(assign_query(query=query, owner=owner, by=signed_in(request)))


def _about(person: User, missed: str) -> About:
    """At most one query. Accepts only an appointment that this person missed."""
    found = about_of(person, f"booking:{missed}") if missed else NOTHING
    if missed and found is NOTHING:
        raise Refused("unknown_absence", "You missed no such booking.", field="missed", status=422)
    return found


def _documents(person: User, wanted: list[str]) -> list[Document]:
    """At most one query. Accepts only this person's own documents."""
    found = list(Document.objects.owned_by(person).filter(public_id__in=wanted)) if wanted else []
    if len(found) != len(set(wanted)):
        raise Refused("unknown_document", "You have no such document.", field="documents", status=422)
    return found
