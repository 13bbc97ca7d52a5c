"""What search engines may read: the public pages and the events, and nothing else."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events.models import Event
from events.models.event import EventQuerySet

PUBLIC_PAGES = ("event_list", "event_month", "eligibility_list", "policies", "privacy", "accessibility")
FOLDERS = ("event_list", "eligibility_list", "policies", "privacy", "accessibility")
"""Addresses that search engines may open, with everything below them."""


class PageSitemap(Sitemap):
    def items(self) -> list[str]:
        return [*PUBLIC_PAGES]

    def location(self, item: str) -> str:
        return reverse(item)


class EventSitemap(Sitemap):
    """Published events, also past ones; in files of 1,000 addresses."""

    limit = 1000

    def items(self) -> EventQuerySet:
        return Event.objects.published().only("public_id").order_by("-during", "-pk")

    def location(self, item: Event) -> str:
        return reverse("event_detail", args=[item.public_id])


SITEMAPS = {"pages": PageSitemap, "events": EventSitemap}
SITEMAP_INDEX = {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_section"}


@require_safe
@cache_control(public=True, max_age=3600)
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Robots Exclusion Protocol (RFC 9309)."""
    allowed = [f"Allow: {reverse(name)}" for name in FOLDERS]
    sitemap = f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}"
    looks = [f"Allow: {settings.STATIC_URL}", f"Allow: {reverse('brand_css')}"]
    lines = ["User-agent: *", *allowed, *looks, "Disallow: /", "", sitemap]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
