"""The schedule in force, people without an end date, and names to review in other people's records."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy

from accounts.access.permissions import GovernancePage, RecentAuthenticationRequired, signed_in
from accounts.rules.policy import policy_in_force
from foundation.web.operation_view import ActionView
from retention.models import Statistic, TextMention
from retention.operations.read_texts import read_places
from retention.operations.review_mentions import review_mention
from retention.schedule.clocks import people_without_clock
from retention.schedule.of_a_person import OF_A_PERSON
from retention.schedule.own_clocks import FOR_GOOD, WITH_THEIR_OWN_CLOCK
from retention.selectors.overview import tabs
from retention.views.permissions import NamesPage

PER_PAGE = 25


class ScheduleList(GovernancePage):
    """What is kept, from when, for how long, and what happens then, from the schedule that nightly runs use."""

    def get(self, request: HttpRequest) -> HttpResponse:
        policy = policy_in_force()
        groups = [
            ("Of a person", OF_A_PERSON),
            ("With its own period", WITH_THEIR_OWN_CLOCK),
            ("Kept for good", FOR_GOOD),
        ]
        rows = [(title, [(each, each.period_words(policy)) for each in classes]) for title, classes in groups]
        context = {"tabs": tabs("schedule_list"), "groups": rows, "policy": policy}
        return render(request, "retention/schedule_list.html", context)


class UnclockedList(GovernancePage):
    def get(self, request: HttpRequest) -> HttpResponse:
        people = people_without_clock().prefetch_related("enrolments__programme")
        page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
        return render(request, "retention/unclocked_list.html", {"tabs": tabs("unclocked_list"), "page": page})


class StatisticList(GovernancePage):
    """Statistics about deleted data, by academic year."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Statistic.objects.order_by("-academic_year", "what", "first", "second", "third")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        return render(request, "retention/statistic_list.html", {"tabs": tabs("statistic_list"), "page": page})


class MentionList(NamesPage):
    """Records that the places are read, because they are in other people's records."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = signed_in(request)
        mentions = TextMention.objects.visible_to(user).to_review()
        page = Paginator(mentions, PER_PAGE).get_page(request.GET.get("page"))
        places = read_places(mentions=list(page.object_list), by=user)
        context = {"tabs": tabs("mention_list") if user.may_read_trail else [], "page": page, "places": places}
        return render(request, "retention/mention_list.html", context)


class MentionReview(RecentAuthenticationRequired, NamesPage, ActionView):
    success_url = reverse_lazy("mention_list")

    def get_object(self) -> TextMention:
        seen = TextMention.objects.visible_to(self.request.user)
        found: TextMention = get_object_or_404(seen, public_id=self.kwargs["public_id"])
        return found

    def perform(self, form: forms.Form) -> HttpResponse:
        black_out = self.request.POST.get("decision") == "black_out"
        review_mention(mention=self.object, black_out=black_out, by=signed_in(self.request))
        messages.success(self.request, "Blacked out." if black_out else "Left unchanged.")
        return redirect(self.get_success_url())
