from abc import ABC, abstractmethod
from collections.abc import Callable
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
from foundation.outcomes.refusals import Refused
from queries.forms import AssignForm, CategoryForm, CommentForm, DecisionForm, MergeForm, ReplyForm
from queries.models import Category, Query, categories_answered_by
from queries.operations import handle_query
from queries.operations.decide_circumstances import decide_circumstances
from queries.operations.write_message import comment_on_query, reply_to_query
from queries.rules.reply_words import filled
from queries.selectors.inbox import VIEWS, Thread, inbox, inbox_counts, thread_for_staff
from queries.views.permissions import AnswerPage

PER_PAGE = 25


class QueryInbox(AnswerPage):
    """All day: what waits, the most urgent first. Quick by keyboard; every action is a link or a button as well."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user, asked = signed_in(request), request.GET
        view = asked.get("view", "") if asked.get("view", "") in VIEWS else ""
        words, category = " ".join(asked.get("q", "").split())[:100], asked.get("category", "")
        page = Paginator(inbox(user, view, category, words), PER_PAGE).get_page(asked.get("page"))
        counts = inbox_counts(user)
        kept = {"category": category, "q": words}
        tabs = [
            {
                "label": label,
                "url": f"{reverse('query_inbox')}?{urlencode({'view': key, **kept})}",
                "current": key == view,
                "count": getattr(counts, key, None),
            }
            for key, label in VIEWS.items()
        ]
        if user.is_careers_staff:
            tabs.append({"label": "Emails to check", "url": reverse("inbound_email_list"), "count": counts.emails})
        mine = categories_answered_by(user)
        categories = [(value, label) for value, label in Category.choices if value in mine]
        context: dict[str, Any] = {"page": page, "tabs": tabs, "view": view, "q": words, "category": category}
        may_word = user.has_role(Role.CAREERS_MANAGER, Role.ADMINISTRATOR)
        context |= {"categories": categories, "today": timezone.localdate(), "may_word": may_word}
        return render(request, "queries/query_inbox.html", context)


def query_for(request: HttpRequest, public_id: str) -> Query:
    """One query. Hidden and absent look alike."""
    related = ("person", "owner", "strike__excused_by", "decided_by")
    seen = Query.objects.answered_by(signed_in(request)).select_related(*related)
    found: Query = get_object_or_404(seen, public_id=public_id)
    return found


def shown(request: HttpRequest, query: Query, status: int = 200, **more: Any) -> HttpResponse:
    """The thread with everything that can be done to it; a form that was wrong comes back to it with its errors."""
    thread = thread_for_staff(query, signed_in(request))
    context = {
        "thread": thread,
        "reply_form": ReplyForm(initial={"text": begun(request, thread)}),
        "comment_form": CommentForm(),
        "decision_form": DecisionForm(),
        "assign_form": AssignForm(colleagues=thread.colleagues, initial={"owner": owner_id(query)}),
        "category_form": CategoryForm(initial={"category": query.category}),
        "merge_form": MergeForm(others=thread.others) if thread.others else None,
        "shows_student": signed_in(request).is_careers_staff,
    }
    return render(request, "queries/query_answer.html", context | more, status=status)


def owner_id(query: Query) -> str:
    return str(query.owner.public_id) if query.owner else ""


def begun(request: HttpRequest, thread: Thread) -> str:
    """The words of the template that was chosen, for the reply to begin with."""
    chosen = [each for each in thread.templates if each.public_id == request.GET.get("template")]
    first_name = thread.query.person.first_name if thread.query.person else ""
    words = {"first_name": first_name, "adviser": signed_in(request).first_name}
    return filled(chosen[0].text, words) if chosen else ""


class QueryAction(ABC, AnswerPage):
    """One form, one operation, back to the thread."""

    name, done = "", ""

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        query = query_for(request, public_id)
        form = self.form(request, query)
        if form is not None and not form.is_valid():
            return shown(request, query, 422, invalid=form, **{self.name: form})
        try:
            self.act(request, query, form.cleaned_data if form else {})
        except Refused as refused:
            kept = {self.name: form} if form else {}
            return shown(request, query_for(request, public_id), refused.status, refused=refused, **kept)
        messages.success(request, self.done)
        return redirect(self.next_page(request, public_id))

    def form(self, request: HttpRequest, query: Query) -> forms.Form | None:
        return None

    @abstractmethod
    def act(self, request: HttpRequest, query: Query, said: dict[str, Any]) -> object:
        """Calls the operation with what was said; raises Refused."""

    def next_page(self, request: HttpRequest, public_id: str) -> str:
        return reverse("query_answer", args=[public_id])


class QueryAnswer(QueryAction):
    """The thread, and the reply."""

    name, done = "reply_form", "Your reply is on its way."

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return shown(request, query_for(request, public_id))

    def form(self, request: HttpRequest, query: Query) -> forms.Form:
        return ReplyForm(request.POST)

    def act(self, request: HttpRequest, query: Query, said: dict[str, Any]) -> object:
        if "resolve" in request.POST:
            return handle_query.reply_and_resolve(query=query, by=signed_in(request), **said)
        return reply_to_query(query=query, by=signed_in(request), **said)


class QueryComment(QueryAction):
    name, done = "comment_form", "Kept among colleagues."

    def form(self, request: HttpRequest, query: Query) -> forms.Form:
        return CommentForm(request.POST)

    def act(self, request: HttpRequest, query: Query, said: dict[str, Any]) -> object:
        return comment_on_query(query=query, by=signed_in(request), **said)


class QueryDecide(QueryAction):
    name, done = "decision_form", "Decided, and the student is told."

    def form(self, request: HttpRequest, query: Query) -> forms.Form:
        return DecisionForm(request.POST)

    def act(self, request: HttpRequest, query: Query, said: dict[str, Any]) -> object:
        return decide_circumstances(query=query, by=signed_in(request), **said)


class QueryAssign(QueryAction):
    name, done = "assign_form", "Passed on."

    def form(self, request: HttpRequest, query: Query) -> forms.Form:
        return AssignForm(request.POST, colleagues=thread_for_staff(query, signed_in(request)).colleagues)

    def act(self, request: HttpRequest, query: Query, said: dict[str, Any]) -> object:
        owner = User.objects.filter(public_id=said["owner"]).first() if said["owner"] else None
        return handle_query.assign_query(query=query, owner=owner, by=signed_in(request))


class QueryRecategorise(QueryAction):
    name, done = "category_form", "It is with those who answer such queries now."

    def form(self, request: HttpRequest, query: Query) -> forms.Form:
        return CategoryForm(request.POST)

    def act(self, request: HttpRequest, query: Query, said: dict[str, Any]) -> object:
        return handle_query.change_category(query=query, by=signed_in(request), **said)

    def next_page(self, request: HttpRequest, public_id: str) -> str:
        """It may have left this colleague's inbox."""
        still = Query.objects.answered_by(signed_in(request)).filter(public_id=public_id).exists()
        return super().next_page(request, public_id) if still else reverse("query_inbox")


class QueryState(QueryAction):
    done = "Done."

    def act(self, request: HttpRequest, query: Query, said: dict[str, Any]) -> object:
        reopens = request.POST.get("to") == "open"
        change: Callable[..., object] = handle_query.reopen_query if reopens else handle_query.resolve_query
        return change(query=query, by=signed_in(request))


class QueryMerge(QueryAction):
    name, done = "merge_form", "Merged: everything stands in one thread."
    into = ""

    def form(self, request: HttpRequest, query: Query) -> forms.Form:
        return MergeForm(request.POST, others=thread_for_staff(query, signed_in(request)).others)

    def act(self, request: HttpRequest, query: Query, said: dict[str, Any]) -> object:
        self.into = said["into"]
        return handle_query.merge_queries(query=query, into=query_for(request, self.into), by=signed_in(request))

    def next_page(self, request: HttpRequest, public_id: str) -> str:
        return reverse("query_answer", args=[self.into])
