from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access.permissions import StaffPage, signed_in
from accounts.models import User
from foundation.outcomes.refusals import Refused
from queries.forms import CallForm
from queries.models import Category
from queries.operations.log_call import log_call
from queries.operations.open_query import NewQuery


class CallCreate(StaffPage):
    """While the telephone is still warm: what was asked, and perhaps the answer (TEL-1)."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return self.page(request, self.caller(request, public_id), CallForm())

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        person, form = self.caller(request, public_id), CallForm(request.POST)
        if not form.is_valid():
            return self.page(request, person, form, 422)
        said = form.cleaned_data
        asked = NewQuery(Category.GENERAL, said["subject"], said["text"])
        try:
            query = log_call(person=person, asked=asked, reply=said["reply"], by=signed_in(request))
        except Refused as refused:
            return self.page(request, person, form, refused.status, refused=refused)
        messages.success(request, f"The call is logged as a query of {person.name}’s.")
        return redirect("query_answer", query.public_id)

    def caller(self, request: HttpRequest, public_id: str) -> User:
        seen = User.objects.visible_to(signed_in(request)).students()
        found: User = get_object_or_404(seen, public_id=public_id)
        return found

    def page(self, request: HttpRequest, person: User, form: CallForm, status: int = 200, **more: Any) -> HttpResponse:
        return render(request, "queries/call_create.html", {"person": person, "form": form} | more, status=status)
