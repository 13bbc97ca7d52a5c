from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access.permissions import StudentPage, signed_in
from accounts.rules.policy import policy_in_force
from documents.models import Document
from foundation.outcomes.refusals import Refused
from foundation.web.operation_view import ActionView, OperationView
from foundation.web.undo_offer import say_done
from queries.forms import QueryForm, QueryMessageForm, QueryResolveForm
from queries.models import Category, CircumstancesDecision, Query
from queries.operations.handle_query import reopen_query, resolve_query
from queries.operations.open_query import NewQuery, open_query
from queries.operations.see_replies import see_replies
from queries.operations.undo_query_change import undo_query_change
from queries.operations.write_message import write_to_query
from queries.rules.answering import is_undecided
from queries.selectors.about import about_of, missed_by
from queries.selectors.inbox import own_queries, thread_of

PER_PAGE = 20


class QueryList(StudentPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(own_queries(signed_in(request)), PER_PAGE).get_page(request.GET.get("page"))
        for query in page.object_list:
            query.as_told(signed_in(request))
        return render(request, "queries/query_list.html", {"page": page})


class QueryCreate(StudentPage, OperationView):
    """Raises a query. Any page can link here with what the query is about."""

    template_name = "queries/query_create.html"
    form_class = QueryForm
    refused_title = "This could not be sent"

    def get_initial(self) -> dict[str, Any]:
        about, category = self.request.GET.get("about", ""), self.request.GET.get("category", "")
        kind, _, source_id = about.partition(":")
        known = category if category in Category.values else ""
        return {"category": known, "about": about, "missed": source_id if kind == "booking" else ""}

    def get_form_kwargs(self) -> dict[str, Any]:
        person = signed_in(self.request)
        mine = {"missed": missed_by(person), "documents": Document.objects.owned_by(person)}
        return {**super().get_form_kwargs(), **mine}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        about = about_of(signed_in(self.request), context["form"]["about"].value() or "")
        return context | {"about": about, "policy": policy_in_force()}

    def perform(self, form: QueryForm) -> HttpResponse:
        person, said = signed_in(self.request), form.cleaned_data
        missed = f"booking:{said['missed']}" if said.get("missed") else said["about"]
        documents = Document.objects.owned_by(person).filter(public_id__in=said.get("documents", []))
        asked = NewQuery(said["category"], said["subject"], said["text"], about_of(person, missed), list(documents))
        query = open_query(person=person, asked=asked, by=person, once=self.once)
        messages.success(self.request, "Query sent. We’ve emailed you a confirmation.")
        return redirect("query_detail", query.public_id)


class OwnQuery(StudentPage, OperationView):
    """One of the student's own queries."""

    context_object_name = "query"

    def get_object(self) -> Query:
        mine = Query.objects.filter(person=signed_in(self.request))
        found: Query = get_object_or_404(
            mine.select_related("person", "strike", "merged_into", "decided_by"), public_id=self.kwargs["public_id"]
        )
        return found.as_told(signed_in(self.request))

    def beside(self) -> dict[str, BaseForm]:
        return {"message_form": QueryMessageForm()}

    def get_success_url(self) -> str:
        return reverse("query_detail", args=[self.kwargs["public_id"]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"asks_to_close": is_undecided(self.object)}


class QueryDetail(OwnQuery):
    template_name = "queries/query_detail.html"
    form_class, form_name = QueryMessageForm, "message_form"
    refused_title = "This could not be sent"

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        answer, into = super().get(request), self.object.merged_into
        if self.thread.has_new_reply:
            see_replies(query=self.object, by=signed_in(request))
        return redirect("query_detail", into.public_id) if into else answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.thread = thread_of(self.object, signed_in(self.request))
        declined = self.object.decision == CircumstancesDecision.DECLINED
        appeal = Query.objects.appeals_against(self.object).first() if declined else None
        return super().get_context_data(**kwargs) | {"thread": self.thread, "appeal": appeal}

    def perform(self, form: QueryMessageForm) -> HttpResponse:
        write_to_query(query=self.object, by=signed_in(self.request), once=self.once, **form.cleaned_data)
        messages.success(self.request, "Sent.")
        return redirect(self.get_success_url())


class QueryResolve(OwnQuery):
    """Resolves or reopens a query. Asks first where closing gives up a decision."""

    template_name = "queries/query_resolve.html"
    form_class = QueryResolveForm
    refused_title = "Nobody has decided this yet"

    def perform(self, form: QueryResolveForm) -> HttpResponse:
        query, by = self.object, signed_in(self.request)
        if form.cleaned_data["to"] == "open":
            reopen_query(query=query, by=by)
        else:
            resolve_query(query=query, by=by, undecided=form.cleaned_data["undecided"], undo=True)
            say_done(self.request, "Query closed.", reverse("own_query_undo", args=[query.public_id]))
        return redirect(self.get_success_url())

    def form_refused(self, form: QueryResolveForm, refused: Refused) -> HttpResponse:
        """The page that asks; any other refusal is shown on the query."""
        if refused.code == "undecided":
            return super().form_refused(form, refused)
        messages.error(self.request, refused.text, extra_tags=refused.code)
        return redirect(self.get_success_url())


class OwnQueryUndo(StudentPage, ActionView):
    """Opens a query again that its person has just closed, with the day promised before."""

    def get_object(self) -> Query:
        found: Query = get_object_or_404(Query, person=signed_in(self.request), public_id=self.kwargs["public_id"])
        return found

    def get_success_url(self) -> str:
        return reverse("query_detail", args=[self.kwargs["public_id"]])

    def perform(self, form: Form) -> HttpResponse:
        undo_query_change(query=self.object, by=signed_in(self.request))
        messages.success(self.request, "Undone. The query is open again.")
        return redirect(self.get_success_url())
