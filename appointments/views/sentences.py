"""Template tags for sentences of the rules, in pages and messages."""

from django import template

from appointments.models import AppointmentType
from appointments.rules.window_words import cancelling_sentence, missing_sentence

register = template.Library()


@register.simple_tag
def cancelling_and_missing(type: AppointmentType) -> str:
    """Until when cancelling does not count, and what missing an appointment means (ELIG-2)."""
    return f"{cancelling_sentence(type)} {missing_sentence(type)}"
