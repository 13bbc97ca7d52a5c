"""The first page for administrators: how the service is configured, what looks wrong, and where to change it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access.permissions import AdministratorPage
from accounts.feed.selectors import feed_facts
from portal.selectors import configuration as facts


class Configuration(AdministratorPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "home/configuration.html", configuration())


def configuration() -> dict[str, Any]:
    """Twelve queries."""
    today = timezone.localdate()
    types, where, when = facts.type_rows(), facts.places(), facts.calendar(today)
    people, sent = facts.role_rows(), facts.messages()
    feed = feed_facts()
    holds, grants = facts.exceptions_in_force(today)
    return {
        "warnings": facts.warnings(types, where, when, people, sent, today) + feed.warnings,
        "feed": feed.last,
        "types": types,
        "places": where,
        "calendar": when,
        "policy_settings": facts.setting_rows(today),
        "people": people,
        "outbox": sent,
        "holds": holds,
        "grants": grants,
        "changes": facts.recent_changes(),
        "signing_in": facts.signing_in(),
        "today": today,
    }
