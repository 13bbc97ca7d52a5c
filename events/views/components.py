"""The components of events, as template tags (docs/design.md)."""

from typing import Any

from django import template

from events.selectors.student_events import ShownEvent

register = template.Library()


@register.inclusion_tag("components/event_card.html")
def event_card(shown: ShownEvent, level: int) -> dict[str, Any]:
    """An event in a list, with a heading of this level."""
    return locals()
