from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access.permissions import StudentPage
from accounts.rules.policy import policy_in_force
from documents.forms import FileForm, RenameForm, ShareForm, UploadForm, words_of
from documents.models import Document
from documents.operations.delete import delete_document, delete_version
from documents.operations.rename import rename_document
from documents.operations.share import end_share, share_with_adviser
from documents.operations.upload import add_version, upload_document
from documents.providers.choice import scanner
from documents.selectors.documents import own_documents, shown_documents
from foundation.outcomes.refusals import Refused

PER_PAGE = 25


class DocumentsPage(StudentPage):
    """The list, with the form above it; a form that is refused comes back to it."""

    def page(self, request: HttpRequest, form: UploadForm | None = None, status: int = 200) -> HttpResponse:
        policy = policy_in_force()
        page = Paginator(own_documents(request.user), PER_PAGE).get_page(request.GET.get("page"))
        shown = shown_documents(list(page.object_list), request.user)
        context = {
            "page": page,
            "documents": shown,
            "form": form or UploadForm(megabytes=policy.document_megabytes),
            "most": policy.documents_a_person,
            "is_full": page.paginator.count >= policy.documents_a_person,
            "waits": any(document.is_waiting for document in shown),
            "scanned": scanner() is not None,
        }
        return render(request, "documents/document_list.html", context, status=status)


class DocumentList(DocumentsPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request)


class DocumentCreate(DocumentsPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request, megabytes=policy_in_force().document_megabytes)
        if form.is_valid():
            try:
                kind = form.cleaned_data["kind"]
                document = upload_document(owner=request.user, kind=kind, by=request.user, **form.upload)
            except Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, f"“{document.name}” is uploaded and being checked.")
                return redirect("document_list")
        return self.page(request, form, 422)

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("document_list")


class DocumentPage(StudentPage):
    """A page about one document of the student's own; anybody else's is not found."""

    document: Document

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.is_student:
            self.document = get_object_or_404(own_documents(request.user), public_id=kwargs["public_id"])
        return super().dispatch(request, *args, **kwargs)

    def page(self, request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
        document = self.document
        context = {
            "document": document,
            "shown": shown_documents([document], request.user)[0],
            "version_form": FileForm(megabytes=policy_in_force().document_megabytes, auto_id="version_%s"),
            "rename_form": RenameForm(initial={"name": document.name, "kind": document.kind}, label_suffix=""),
            "share_form": ShareForm(),
            **more,
        }
        return render(request, "documents/document_detail.html", context, status=status)

    def back(self) -> HttpResponse:
        return redirect("document_detail", self.document.public_id)


class DocumentDetail(DocumentPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return self.page(request)


class VersionCreate(DocumentPage):
    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        form = FileForm(request, megabytes=policy_in_force().document_megabytes, auto_id="version_%s")
        if form.is_valid():
            try:
                add_version(document=self.document, by=request.user, **form.upload)
            except Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, "The new version is uploaded and being checked.")
                return self.back()
        return self.page(request, 422, version_form=form, invalid=form)


class VersionDelete(DocumentPage):
    def post(self, request: HttpRequest, public_id: str, number: int) -> HttpResponse:
        try:
            delete_version(document=self.document, number=number, by=request.user)
        except Refused as refused:
            messages.error(request, words_of(refused))
        else:
            messages.success(request, f"Version {number} is deleted for good.")
        return self.back()


class DocumentRename(DocumentPage):
    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        form = RenameForm(request.POST, label_suffix="")
        if not form.is_valid():
            return self.page(request, 422, rename_form=form, invalid=form)
        rename_document(document=self.document, by=request.user, **form.cleaned_data)
        messages.success(request, "The document is renamed.")
        return self.back()


class DocumentDelete(DocumentPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        shown = shown_documents([self.document], request.user)[0]
        return render(request, "documents/document_delete.html", {"document": self.document, "shown": shown})

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        delete_document(document=self.document, by=request.user)
        messages.success(request, f"“{self.document.name}” is deleted for good.")
        return redirect("document_list")


class ShareCreate(DocumentPage):
    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        form: forms.Form = ShareForm(request.POST)
        if form.is_valid():
            adviser = form.cleaned_data["adviser"]
            share_with_adviser(document=self.document, adviser=adviser, by=request.user)
            messages.success(request, f"{adviser.name} can open this document now.")
            return self.back()
        return self.page(request, 422, share_form=form, invalid=form)


class ShareEnd(DocumentPage):
    def post(self, request: HttpRequest, public_id: str, share: str) -> HttpResponse:
        end_share(share=get_object_or_404(self.document.shares, public_id=share), by=request.user)
        messages.success(request, "That is no longer shared.")
        return self.back()
