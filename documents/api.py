"""The API for a student's documents. It uses the same checks, limits and wording as the pages."""

import re

from django.http import Http404
from django.urls import reverse
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access.api_permissions import IsStudent
from accounts.access.permissions import signed_in
from accounts.rules.policy import policy_in_force
from documents.models import Document
from documents.operations.delete import delete_document
from documents.operations.upload import upload_document
from documents.rules.uploads import too_large
from documents.selectors.documents import own_documents
from documents.serializers import DocumentInput, DocumentOutput, DocumentPageOutput
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
from foundation.outcomes.refusals import require
from foundation.values.public_ids import ALPHABET, LENGTH
from foundation.web.limited_upload import too_much_was_sent

PUBLIC_ID = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")
ID = public_id_parameter()


def document_of(request: Request, public_id: str) -> Document:
    """Raises 404 both for a document that does not exist and for somebody else's."""
    found = own_documents(signed_in(request)).filter(public_id=public_id) if PUBLIC_ID.fullmatch(public_id) else None
    document = found.first() if found is not None else None
    if document is None:
        raise Http404
    return document


def require_not_too_much(request: Request) -> None:
    """Refuses a body that is too large. Accessing `request.data` reads it, which shows whether all of it arrived."""
    if request.data is not None and too_much_was_sent(request):
        require(too_large(policy_in_force().document_megabytes), field="file", status=413)


class DocumentsAPIView(BaseAPIView):
    area = "documents"
    permission_classes = [IsStudent]


class DocumentListAPI(DocumentsAPIView):
    parser_classes = [MultiPartParser]

    @documented(
        summary="My documents",
        tag="documents",
        answers=DocumentPageOutput,
        parameters=[PageInput],
        operation_id="documents_list",
    )
    def get(self, request: Request) -> Response:
        """Four queries."""
        wanted = validated_query(PageInput, request)
        first, most = wanted["offset"], wanted["limit"]
        found = list(own_documents(signed_in(request))[first : first + most + 1])
        return page(request, found, wanted, DocumentPageOutput)

    @documented(
        409, 413, 415, 422, 503,
        summary="Upload a document: in quarantine until it has been checked",
        tag="documents",
        answers=DocumentOutput,
        status=201,
        request={"multipart/form-data": DocumentInput},
        parameters=[KEY_PARAMETER],
        operation_id="documents_create",
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        user = signed_in(request)
        require_not_too_much(request)
        said = validated_body(DocumentInput, request)
        file, key = said["file"], idempotency_key(request)
        content, kind = file.read(), said["kind"]
        made = upload_document(owner=user, content=content, filename=file.name, kind=kind, by=user, once=key)
        here = reverse("api_document_detail", args=[made.public_id])
        document = document_of(request, made.public_id)
        return Response(rendered(DocumentOutput, document), 201, headers={"Location": here})


class DocumentDetailAPI(DocumentsAPIView):
    @documented(
        404,
        summary="One of my documents",
        tag="documents",
        answers=DocumentOutput,
        parameters=[ID],
        operation_id="documents_detail",
    )
    def get(self, request: Request, public_id: str) -> Response:
        return Response(rendered(DocumentOutput, document_of(request, public_id)))


class DocumentDeleteAPI(DocumentsAPIView):
    @documented(
        404, 413, 415, 503,
        summary="Delete a document for good, with its files and shares",
        tag="documents",
        answers=None,
        status=204,
        request=None,
        parameters=[ID],
        operation_id="documents_delete",
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        delete_document(document=document_of(request, public_id), by=signed_in(request))
        return Response(status=204)
