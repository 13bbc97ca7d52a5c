from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from appointments.forms.documents import AttachForm
from appointments.operations.attach import attach_documents, detach_document
from appointments.selectors.own_documents import own_of
from appointments.views.student_bookings import StudentBookingPage
from documents.models import Document
from documents.operations.upload import upload_document
from documents.selectors.documents import documents_of_source
from foundation.outcomes.refusals import Refused
from foundation.web.operation_view import FieldOperationView


class DocumentAttach(StudentBookingPage, FieldOperationView):
    """Attaches documents to an existing booking: the student's own, or a new upload."""

    template_name = "appointments/document_attach.html"
    form_class, refused_status = AttachForm, 422

    def get_form_kwargs(self) -> dict[str, Any]:
        user, sent = self.request.user, self.request if self.request.method == "POST" else None
        attached = [each.document.pk for each in documents_of_source(self.booking.source, user)]
        return {"owner": user, "request": sent, "without": attached}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | self.shown()

    def perform(self, form: AttachForm) -> HttpResponse:
        user, chosen = self.request.user, own_of(self.request.user, form.cleaned_data["documents"])
        if form.cleaned_data["file"] is not None:
            kind = form.cleaned_data["kind"]
            chosen.append(upload_document(owner=user, kind=kind, by=user, **form.upload))
        if not chosen:
            raise Refused("nothing_chosen", "Choose a document or a file.", field="file")
        attach_documents(booking=self.booking, documents=chosen, by=user)
        messages.success(self.request, "Attached. Your adviser can open it once we’ve checked it.")
        return redirect("booking_detail", self.booking.public_id)


class DocumentDetach(StudentBookingPage):
    def post(self, request: HttpRequest, public_id: str, document: str) -> HttpResponse:
        found = get_object_or_404(Document.objects.owned_by(request.user), public_id=document)
        detach_document(booking=self.booking, document=found, by=request.user)
        messages.success(request, f"“{found.name}” removed from this appointment. You still have it in your documents.")
        return redirect("booking_detail", public_id)
