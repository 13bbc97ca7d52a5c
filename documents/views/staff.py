from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access.permissions import DiaryPage
from documents.selectors.documents import ShownDocument, documents_shared_by_name

PER_PAGE = 25


class SharedDocumentList(DiaryPage):
    """Documents that students shared with this adviser by name. Those attached to a booking are on its page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(documents_shared_by_name(request.user), PER_PAGE).get_page(request.GET.get("page"))
        documents = [ShownDocument(each, list(each.versions.all())) for each in page.object_list]
        return render(request, "documents/shared_document_list.html", {"page": page, "documents": documents})
