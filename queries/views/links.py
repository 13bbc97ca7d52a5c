from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access.permissions import signed_in
from foundation.web.operation_view import ActionView
from queries.forms import EmailLinkForm
from queries.operations.handle_query import merge_queries
from queries.operations.unmerge_query import unmerge_query
from queries.selectors.likely_queries import likely_queries
from queries.views.staff import QueryView


class QueryLink(QueryView):
    """Puts an email that came without its reply address into the query that it answers."""

    template_name, form_class = "queries/query_link.html", EmailLinkForm

    @property
    def words(self) -> str:
        return " ".join(self.request.GET.get("q", "").split())[:100]

    def get_form_kwargs(self) -> dict[str, Any]:
        likely = likely_queries(self.object, signed_in(self.request), self.words)
        return {**super().get_form_kwargs(), "likely": likely}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form alone: the thread is on the query's page."""
        return super(QueryView, self).get_context_data(**kwargs) | {"q": self.words}

    def perform(self, form: EmailLinkForm) -> HttpResponse:
        into = self.find(form.cleaned_data["into"])
        merge_queries(query=self.object, into=into, by=signed_in(self.request))
        messages.success(self.request, "Added to this query. You can undo this below, under “Merged”.")
        return redirect("query_answer", into.public_id)


class QueryUnmerge(ActionView, QueryView):
    """Undoes a merge."""

    def get_success_url(self) -> str:
        return reverse("query_answer", args=[self.kwargs["public_id"]])

    def perform(self, form: forms.Form) -> HttpResponse:
        merged = self.request.POST.get("merged", "")
        back = unmerge_query(query=self.object, merged=merged, by=signed_in(self.request))
        messages.success(self.request, "Merge undone. This query is open again.")
        return redirect("query_answer", back.public_id)
