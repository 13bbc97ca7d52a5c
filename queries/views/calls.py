from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.access.permissions import StaffPage, signed_in
from accounts.models import User
from foundation.web.operation_view import OperationView
from queries.forms import CallForm
from queries.models import Category
from queries.operations.log_call import log_call
from queries.operations.open_query import NewQuery


class CallCreate(StaffPage, OperationView):
    """Logs a telephone call: the question and, optionally, the answer (TEL-1)."""

    template_name = "queries/call_create.html"
    form_class, context_object_name = CallForm, "person"

    def get_object(self) -> User:
        seen = User.objects.visible_to(signed_in(self.request)).students()
        found: User = get_object_or_404(seen, public_id=self.kwargs["public_id"])
        return found

    def perform(self, form: CallForm) -> HttpResponse:
        said, person = form.cleaned_data, self.object
        asked = NewQuery(Category.GENERAL, said["subject"], said["text"])
        by, once = signed_in(self.request), self.once
        query = log_call(person=person, asked=asked, reply=said["reply"], by=by, once=once)
        messages.success(self.request, f"Call logged as a query from {person.name}.")
        return redirect("query_answer", query.public_id)
