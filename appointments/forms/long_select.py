from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A list of a hundred names: written here, because a template for each of them took longer than all else of a page.

    Knows no groups of options.
    """

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        texts = ((str(key), label) for key, label in self.choices)
        options = format_html_join(
            "\n", '<option value="{}"{}>{}</option>', ((key, _selected(key in chosen), label) for key, label in texts)
        )
        attributes = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html("<select{}>\n{}\n</select>", attributes, options)


def _selected(chosen: bool) -> SafeString:
    return SafeString(" selected" if chosen else "")
