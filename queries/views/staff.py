from abc import ABC, abstractmethod
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.access.permissions import signed_in
from accounts.models import Role, User
from foundation.web.operation_view import ActionView, OperationView
from foundation.web.undo_offer import say_done
from queries.forms import AssignForm, CategoryForm, CommentForm, DecisionForm, MergeForm, ReplyForm
from queries.models import Category, Query, categories_answered_by
from queries.operations import handle_query
from queries.operations.decide_circumstances import decide_circumstances
from queries.operations.merge_queries import merge_queries, undo_merge
from queries.operations.undo_query_change import undo_query_change
from queries.operations.write_message import comment_on_query, reply_to_query
from queries.selectors.inbox import VIEWS, inbox, inbox_counts, thread_for_staff
from queries.views.permissions import AnswerPage
from queries.views.unsent_reply import begun_reply, keep_words

PER_PAGE = 25


class QueryInbox(AnswerPage):
    """The inbox, most urgent first. It has keyboard shortcuts; every action is also a link or a button."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user, asked = signed_in(request), request.GET
        view = asked.get("view", "") if asked.get("view", "") in VIEWS else ""
        found = {"category": asked.get("category", ""), "q": " ".join(asked.get("q", "").split())[:100]}
        rows = inbox(user, view, found["category"], found["q"])
        mine = categories_answered_by(user)
        context = {
            "page": Paginator(rows, PER_PAGE).get_page(asked.get("page")),
            "tabs": inbox_tabs(user, view, found),
            "view": view,
            "categories": [(value, label) for value, label in Category.choices if value in mine],
            "today": timezone.localdate(),
            "may_word": user.has_role(Role.CAREERS_MANAGER, Role.ADMINISTRATOR),
        }
        return render(request, "queries/query_inbox.html", context | found)


def inbox_tabs(user: User, view: str, found: dict[str, str]) -> list[dict[str, Any]]:
    """The views of the inbox with their numbers. Each keeps what was searched for."""
    counts = inbox_counts(user)
    tabs = [
        {
            "label": label,
            "url": f"{reverse('query_inbox')}?{urlencode({'view': key, **found})}",
            "current": key == view,
            "count": getattr(counts, key, None),
        }
        for key, label in VIEWS.items()
    ]
    if user.is_careers_staff:
        tabs.append({"label": "Emails to check", "url": reverse("inbound_email_list"), "count": counts.emails})
    return tabs


def owner_id(query: Query) -> str:
    return str(query.owner.public_id) if query.owner else ""


def word_forms() -> dict[str, forms.BaseForm]:
    return {"reply_form": ReplyForm(), "comment_form": CommentForm(), "decision_form": DecisionForm()}


class QueryView(AnswerPage, OperationView):
    """A thread with all its actions. Invalid forms are shown again on this page with their errors."""

    template_name = "queries/query_answer.html"
    context_object_name = "query"

    def beside(self) -> dict[str, forms.BaseForm]:
        return word_forms()

    def get_object(self) -> Query:
        return self.find(self.kwargs["public_id"])

    def find(self, public_id: str) -> Query:
        """One query. Raises 404 both for a query that does not exist and for one the user may not see."""
        related = ("person", "owner", "strike__excused_by", "decided_by")
        seen = Query.objects.answered_by(signed_in(self.request)).select_related(*related)
        found: Query = get_object_or_404(seen, public_id=public_id)
        return found

    def get_success_url(self) -> str:
        return reverse("query_answer", args=[self.kwargs["public_id"]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query, thread = self.object, thread_for_staff(self.object, signed_in(self.request))
        fresh = {
            "thread": thread,
            "assign_form": AssignForm(colleagues=thread.colleagues, initial={"owner": owner_id(query)}),
            "category_form": CategoryForm(initial={"category": query.category}),
            "merge_form": MergeForm(others=thread.others) if thread.others else None,
            "shows_student": signed_in(self.request).is_careers_staff,
        }
        return fresh | super().get_context_data(**kwargs)


class QueryAction(ABC, QueryView):
    """Calls one operation with one form and returns to the thread."""

    http_method_names = ["post"]
    done = ""

    def perform(self, form: forms.Form) -> HttpResponse:
        self.act(form.cleaned_data)
        say_done(self.request, self.done, self.undo_url())
        return redirect(self.get_success_url())

    def undo_url(self) -> str:
        """The address that undoes it; empty if nothing does."""
        return ""

    @abstractmethod
    def act(self, said: dict[str, Any]) -> object:
        """Calls the operation with the cleaned data; raises Refused."""


class QueryAnswer(QueryAction):
    """Shows the thread and sends a reply."""

    http_method_names = ["get", "head", "post"]
    form_class, form_name, done = ReplyForm, "reply_form", "Reply sent."

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A template is put behind what was typed, on the page; nothing is sent."""
        if "template" not in request.POST:
            return super().post(request, *args, **kwargs)
        self.object = self.get_object()
        return self.render_to_response(self.get_context_data(form=self.with_template()))

    def with_template(self) -> ReplyForm:
        return ReplyForm(initial=begun_reply(self.request, thread_for_staff(self.object, signed_in(self.request))))

    def act(self, said: dict[str, Any]) -> object:
        answer = handle_query.reply_and_resolve if "resolve" in self.request.POST else reply_to_query
        return answer(query=self.object, by=signed_in(self.request), once=self.once, undo=True, **said)

    def undo_url(self) -> str:
        return reverse("query_undo", args=[self.kwargs["public_id"]])


class QueryComment(QueryAction):
    form_class, form_name, done = CommentForm, "comment_form", "Internal comment added."

    def act(self, said: dict[str, Any]) -> object:
        return comment_on_query(query=self.object, text=said["comment"], by=signed_in(self.request), once=self.once)


class QueryDecide(QueryAction):
    form_class, form_name, done = DecisionForm, "decision_form", "Decided, and the student is told."

    def act(self, said: dict[str, Any]) -> object:
        return decide_circumstances(query=self.object, by=signed_in(self.request), **said)


class QueryAssign(QueryAction):
    form_class, form_name, done = AssignForm, "assign_form", "Passed on."

    def get_form_kwargs(self) -> dict[str, Any]:
        colleagues = thread_for_staff(self.object, signed_in(self.request)).colleagues
        return {**super().get_form_kwargs(), "colleagues": colleagues}

    def act(self, said: dict[str, Any]) -> object:
        owner = User.objects.filter(public_id=said["owner"]).first() if said["owner"] else None
        return handle_query.assign_query(query=self.object, owner=owner, by=signed_in(self.request))


class QueryRecategorise(QueryAction):
    form_class, form_name = CategoryForm, "category_form"
    done = "Moved to the team that handles these."

    def act(self, said: dict[str, Any]) -> object:
        return handle_query.change_category(query=self.object, by=signed_in(self.request), **said)

    def get_success_url(self) -> str:
        """The thread, or the inbox if this colleague can no longer see it."""
        seen = Query.objects.answered_by(signed_in(self.request)).filter(public_id=self.kwargs["public_id"])
        return super().get_success_url() if seen.exists() else reverse("query_inbox")


class QueryState(QueryAction):
    def act(self, said: dict[str, Any]) -> object:
        if self.reopens:
            return handle_query.reopen_query(query=self.object, by=signed_in(self.request))
        return handle_query.resolve_query(query=self.object, by=signed_in(self.request), undo=True)

    @property
    def reopens(self) -> bool:
        return self.request.POST.get("to") == "open"

    @property
    def done(self) -> str:
        return "Query reopened." if self.reopens else "Query resolved."

    def undo_url(self) -> str:
        return "" if self.reopens else reverse("query_undo", args=[self.kwargs["public_id"]])


class QueryMerge(QueryAction):
    form_class, form_name, done = MergeForm, "merge_form", "Queries merged."
    into = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "others": thread_for_staff(self.object, signed_in(self.request)).others}

    def act(self, said: dict[str, Any]) -> object:
        self.into = said["into"]
        into, by = self.find(self.into), signed_in(self.request)
        return merge_queries(query=self.object, into=into, by=by, reopen=said["reopen"])

    def undo_url(self) -> str:
        return reverse("query_unmerge", args=[self.kwargs["public_id"]])

    def get_success_url(self) -> str:
        return reverse("query_answer", args=[self.into])


class QueryUnmerge(AnswerPage, ActionView):
    """Takes a query out of the one it was merged into."""

    def beside(self) -> dict[str, forms.BaseForm]:
        return word_forms()

    def page_of_words(self, response: HttpResponse) -> str:
        """Of the query it was merged into, where the button is."""
        return self.into

    def get_object(self) -> Query:
        """The merged query, which only this button still addresses."""
        seen = Query.objects.visible_to(signed_in(self.request)).exclude(person=signed_in(self.request))
        merged = seen.filter(merged_into__isnull=False).select_related("person", "merged_into__person")
        found: Query = get_object_or_404(merged, public_id=self.kwargs["public_id"])
        self.into = reverse("query_answer", args=[found.merged_into.public_id])
        return found

    def get_success_url(self) -> str:
        return self.into

    def perform(self, form: forms.Form) -> HttpResponse:
        query = undo_merge(query=self.object, by=signed_in(self.request))
        messages.success(self.request, "Merge undone. This is the query on its own again.")
        return redirect("query_answer", query.public_id)


class QueryUndo(AnswerPage, ActionView):
    """Takes back the reply or the resolution of a moment ago. The words of the reply are in its box again."""

    def get_object(self) -> Query:
        seen = Query.objects.answered_by(signed_in(self.request)).select_related("person")
        found: Query = get_object_or_404(seen, public_id=self.kwargs["public_id"])
        return found

    def get_success_url(self) -> str:
        return reverse("query_answer", args=[self.kwargs["public_id"]])

    def perform(self, form: forms.Form) -> HttpResponse:
        words = undo_query_change(query=self.object, by=signed_in(self.request))
        keep_words(self.request, QueryAnswer, self.object.public_id, words)
        messages.success(self.request, "Undone. We sent nothing.")
        return redirect(self.get_success_url())
