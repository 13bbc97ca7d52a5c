"""What search engines are told: the public pages and published events, and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree, html

from events.models import EventState
from portal.views.search_engines import EventSitemap
from tests.events.factories import an_event

pytestmark = pytest.mark.django_db


def addresses(client: Client, path: str) -> list[str]:
    tree = etree.fromstring(client.get(path).content)
    return [str(each) for each in tree.xpath("//*[local-name()='loc']/text()")]


def test_the_sitemap_names_published_events_only(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EventSitemap, "limit", 1)
    shown = [an_event(), an_event(title="Another")]
    hidden = [an_event(state=EventState.DRAFT), an_event(state=EventState.CANCELLED)]
    files = addresses(client, reverse("sitemap"))
    assert len(files) == 3
    listed = [each for file in files for each in addresses(client, file.removeprefix("http://testserver"))]
    assert all(
        any(each.endswith(reverse("event_detail", args=[event.public_id])) for each in listed) for event in shown
    )
    assert not any(event.public_id in each for event in hidden for each in listed)


def test_everything_else_is_left_out(client: Client) -> None:
    text = client.get(reverse("robots_txt")).content.decode().splitlines()
    assert text.index("Allow: /events/") < text.index("Disallow: /")
    assert text[-1].endswith(reverse("sitemap"))
    assert not any("staff" in line or "accounts" in line for line in text)


@pytest.mark.parametrize(
    "name", ["event_list", "event_month", "policies", "eligibility_list", "accessibility", "account_login"]
)
def test_public_pages_describe_themselves(client: Client, name: str) -> None:
    tree = html.fromstring(client.get(reverse(name)).content.decode())
    assert len(tree.xpath("//meta[@name='description']/@content")) == 1
