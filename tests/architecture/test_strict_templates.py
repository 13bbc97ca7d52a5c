"""Tests the check described in docs/design.md: a template that uses a name missing from its context fails the test."""

from collections.abc import Iterator

import pytest
from django.template import Context, Origin, Template

from tests.plugins import strict_templates
from tests.plugins.strict_templates import TEMPLATES, UndefinedVariable

OURS = Origin(f"{TEMPLATES}page.html", "page.html")
PACKAGES = Origin("/opt/python/allauth/templates/page.html", "page.html")


class Person:
    name = "Ada"


@pytest.fixture(autouse=True)
def met() -> Iterator[list[str]]:
    """Undefined names met on purpose fail no test."""
    yield strict_templates.undefined
    strict_templates.undefined.clear()


def render(text: str, origin: Origin = OURS) -> str:
    return Template(text, origin=origin).render(Context({"person": Person(), "names": {}, "rows": []}))


@pytest.mark.parametrize(
    "text",
    [
        "{{ nobody }}",
        "{{ person.nmae }}",
        "{{ names.absent }}",
        "{{ nobody|default:'Ada' }}",
        "{% for each in nobody %}{% endfor %}",
        "{% for each in rows %}{% empty %}{{ nobody }}{% endfor %}",
        "{% with label=nobody %}{% endwith %}",
        "{% include 'components/icon.html' with name=nobody only %}",
        "{% block content %}{{ block.adviser }}{% endblock %}",
    ],
)
def test_what_is_undefined_raises(text: str, met: list[str]) -> None:
    with pytest.raises(UndefinedVariable, match=r"in page\.html"):
        render(text)
    assert len(met) == 1, "so that the test fails where the code catches every error"


@pytest.mark.parametrize(
    "text",
    [
        "{% if nobody %}{{ nobody.name }}{% endif %}Ada",
        "{% if not nobody.name %}Ada{% endif %}",
        "{% firstof nobody person.name %}",
        "{% for each in rows %}{{ nobody }}{% empty %}Ada{% endfor %}",
        "{{ person.name }}",
    ],
)
def test_what_a_component_may_leave_out_is_asked_for_in_if_and_firstof(text: str, met: list[str]) -> None:
    assert render(text) == "Ada"
    assert met == []


def test_templates_of_packages_are_left_as_they_are(met: list[str]) -> None:
    assert render("{{ nobody }}{% for each in nobody %}{% endfor %}", PACKAGES) == ""
    assert met == []
