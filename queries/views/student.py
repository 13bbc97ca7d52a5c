from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access.permissions import StudentPage, signed_in
from documents.models import Document
from foundation.outcomes.refusals import Refused
from queries.forms import QueryForm, QueryMessageForm
from queries.models import Category, Query
from queries.operations.handle_query import reopen_query, resolve_query
from queries.operations.open_query import NewQuery, open_query
from queries.operations.write_message import write_to_query
from queries.selectors.about import about_of, missed_by
from queries.selectors.inbox import own_queries, thread_of

PER_PAGE = 20


class QueryList(StudentPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(own_queries(signed_in(request)), PER_PAGE).get_page(request.GET.get("page"))
        return render(request, "queries/query_list.html", {"page": page})


class QueryCreate(StudentPage):
    """Raised from any page, with what it is about attached."""

    def get(self, request: HttpRequest) -> HttpResponse:
        about, category = request.GET.get("about", ""), request.GET.get("category", "")
        kind, _, source_id = about.partition(":")
        initial = {"category": category if category in Category.values else "", "about": about}
        return self.page(
            request, self.form(request, initial={**initial, "missed": source_id if kind == "booking" else ""})
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        person, form = signed_in(request), self.form(request, request.POST)
        if not form.is_valid():
            return self.page(request, form, 422)
        said = form.cleaned_data
        missed = f"booking:{said['missed']}" if said.get("missed") else said["about"]
        documents = Document.objects.owned_by(person).filter(public_id__in=said.get("documents", []))
        asked = NewQuery(said["category"], said["subject"], said["text"], about_of(person, missed), list(documents))
        try:
            query = open_query(person=person, asked=asked, by=person)
        except Refused as refused:
            return self.page(request, form, refused.status, refused=refused)
        messages.success(request, "We have your query, and have sent you an e-mail to say so.")
        return redirect("query_detail", query.public_id)

    def form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QueryForm:
        person = signed_in(request)
        return QueryForm(*args, missed=missed_by(person), documents=Document.objects.owned_by(person), **kwargs)

    def page(self, request: HttpRequest, form: QueryForm, status: int = 200, **more: Any) -> HttpResponse:
        said = form["about"].value() or ""
        context = {"form": form, "about": about_of(signed_in(request), said)} | more
        return render(request, "queries/query_create.html", context, status=status)


def own_query(request: HttpRequest, public_id: str) -> Query:
    """One query. What was merged leads on to what it went into."""
    mine = Query.objects.filter(person=signed_in(request)).select_related(
        "person", "strike", "merged_into", "decided_by"
    )
    found: Query = get_object_or_404(mine, public_id=public_id)
    return found


class QueryDetail(StudentPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        query = own_query(request, public_id)
        if query.merged_into:
            return redirect("query_detail", query.merged_into.public_id)
        return self.page(request, query, QueryMessageForm())

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        query, form = own_query(request, public_id), QueryMessageForm(request.POST)
        if not form.is_valid():
            return self.page(request, query, form, 422)
        try:
            write_to_query(query=query, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            return self.page(request, query, form, refused.status, refused=refused)
        messages.success(request, "Sent.")
        return redirect("query_detail", public_id)

    def page(
        self, request: HttpRequest, query: Query, form: QueryMessageForm, status: int = 200, **more: Any
    ) -> HttpResponse:
        context = {"thread": thread_of(query, signed_in(request)), "form": form} | more
        return render(request, "queries/query_detail.html", context, status=status)


class QueryResolve(StudentPage):
    """Done, or not done after all."""

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        query = own_query(request, public_id)
        change = reopen_query if request.POST.get("to") == "open" else resolve_query
        try:
            change(query=query, by=signed_in(request))
        except Refused as refused:
            messages.error(request, refused.message)
        return redirect("query_detail", public_id)
