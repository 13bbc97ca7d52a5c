"""Whether every part works: a page for administrators, and metrics for a Prometheus server."""

from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from accounts.access.permissions import AdministratorPage
from portal.selectors.system_status import PartStatus, system_status


class SystemStatus(AdministratorPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "home/system_status.html", {"parts": system_status()})


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """404 unless METRICS_TOKEN is set; 401 without it as a bearer token. Nothing personal: only ages and counts."""
    if not settings.METRICS_TOKEN:
        raise Http404
    sent = request.headers.get("Authorization", "")
    if not compare_digest(sent.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(generate_latest(measured(system_status())), content_type=CONTENT_TYPE_LATEST)


def measured(parts: list[PartStatus]) -> CollectorRegistry:
    registry = CollectorRegistry()
    works = Gauge("careerconnect_works", "1 if the part works", ["part"], registry=registry)
    for part in parts:
        works.labels(part.name.partition(":")[0].lower().replace(" ", "_")).set(part.is_well)
        for name, value in part.values.items():
            Gauge(f"careerconnect_{name}", part.name, registry=registry).set(value)
    return registry
