from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.access.permissions import StudentPage
from accounts.rules.policy import Policy, policy_in_force
from documents.forms import FileForm, RenameForm, ShareForm, UploadForm
from documents.models import Document
from documents.operations.delete import delete_document, delete_version
from documents.operations.rename import rename_document
from documents.operations.share import end_share, share_with_adviser
from documents.operations.upload import add_version, upload_document
from documents.providers.choice import scanner
from documents.selectors.documents import own_documents, shown_documents
from foundation.web.operation_view import ActionView, FieldOperationView, OperationView

PER_PAGE = 25


class FilePage(StudentPage, FieldOperationView):
    """A page with a form for a file."""

    refused_status = 422

    @cached_property
    def policy(self) -> Policy:
        return policy_in_force()

    def get_form_kwargs(self) -> dict[str, Any]:
        sent = self.request if self.request.method == "POST" else None
        return {"request": sent, "megabytes": self.policy.document_megabytes}


class DocumentList(FilePage):
    """The list of documents with the upload form, which is shown again if it is refused."""

    http_method_names = ["get", "head"]
    template_name = "documents/document_list.html"
    form_class = UploadForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(own_documents(self.request.user), PER_PAGE).get_page(self.request.GET.get("page"))
        shown, most = shown_documents(list(page.object_list), self.request.user), self.policy.documents_a_person
        context = {
            "page": page,
            "documents": shown,
            "most": most,
            "is_full": page.paginator.count >= most,
            "waits": any(document.is_waiting for document in shown),
            "scanned": scanner() is not None,
        }
        return super().get_context_data(**kwargs) | context


class DocumentCreate(DocumentList):
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("document_list")

    def perform(self, form: UploadForm) -> HttpResponse:
        user, kind = self.request.user, form.cleaned_data["kind"]
        document = upload_document(owner=user, kind=kind, by=user, once=self.once, **form.upload)
        messages.success(self.request, f"“{document.name}” uploaded. We’re checking it.")
        return redirect("document_list")


class DocumentPage(StudentPage, OperationView):
    """A page about one of the student's own documents; 404 for anybody else's."""

    context_object_name = "document"

    def get_object(self) -> Document:
        found: Document = get_object_or_404(own_documents(self.request.user), public_id=self.kwargs["public_id"])
        return found

    def get_success_url(self) -> str:
        return reverse("document_detail", args=[self.kwargs["public_id"]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = shown_documents([self.object], self.request.user)[0]
        return super().get_context_data(**kwargs) | {"shown": shown}


class DocumentDetail(DocumentPage):
    http_method_names = ["get", "head"]
    template_name = "documents/document_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        name, kind = self.object.name, self.object.kind
        fresh = {
            "version_form": FileForm(megabytes=policy_in_force().document_megabytes, auto_id="version_%s"),
            "rename_form": RenameForm(initial={"name": name, "kind": kind}, label_suffix=""),
            "share_form": ShareForm(),
        }
        return fresh | super().get_context_data(**kwargs)


class VersionCreate(DocumentDetail, FilePage):
    http_method_names = ["post"]
    form_class, form_name = FileForm, "version_form"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "auto_id": "version_%s"}

    def perform(self, form: FileForm) -> HttpResponse:
        add_version(document=self.object, by=self.request.user, once=self.once, **form.upload)
        messages.success(self.request, "New version uploaded. We’re checking it.")
        return redirect(self.get_success_url())


class VersionDelete(DocumentPage, ActionView):
    def perform(self, form: forms.Form) -> HttpResponse:
        number = self.kwargs["number"]
        delete_version(document=self.object, number=number, by=self.request.user)
        messages.success(self.request, f"Version {number} deleted.")
        return redirect(self.get_success_url())


class DocumentRename(DocumentDetail):
    http_method_names = ["post"]
    form_class, form_name = RenameForm, "rename_form"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "label_suffix": ""}

    def perform(self, form: RenameForm) -> HttpResponse:
        rename_document(document=self.object, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Document renamed.")
        return redirect(self.get_success_url())


class DocumentDelete(DocumentPage):
    template_name = "documents/document_delete.html"

    def perform(self, form: forms.Form) -> HttpResponse:
        delete_document(document=self.object, by=self.request.user)
        messages.success(self.request, f"“{self.object.name}” deleted.")
        return redirect("document_list")


class ShareCreate(DocumentDetail):
    http_method_names = ["post"]
    form_class, form_name = ShareForm, "share_form"

    def perform(self, form: ShareForm) -> HttpResponse:
        adviser = form.cleaned_data["adviser"]
        share_with_adviser(document=self.object, adviser=adviser, by=self.request.user)
        messages.success(self.request, f"{adviser.name} can open this document now.")
        return redirect(self.get_success_url())


class ShareEnd(DocumentPage, ActionView):
    def perform(self, form: forms.Form) -> HttpResponse:
        end_share(share=get_object_or_404(self.object.shares, public_id=self.kwargs["share"]), by=self.request.user)
        messages.success(self.request, "No longer shared.")
        return redirect(self.get_success_url())
