"""Forms for how two people meet online or by telephone."""

from typing import Any

from django import forms

from accounts.admin.audited import ConfigurationForm
from appointments.selectors.joining import needs_the_places_link
from foundation.values.links import LONGEST_LINK, https_link
from foundation.web.telephones import TelephoneField
from places.models import Location

UNUSABLE = "Enter a link that starts with https://."


class LinkField(forms.CharField):
    """A link that others open: https only."""

    widget = forms.TextInput(attrs={"type": "url", "inputmode": "url", "autocomplete": "off", "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST_LINK, "error_messages": {"required": UNUSABLE}, **kwargs})

    def clean(self, value: Any) -> str:
        said = str(super().clean(value))
        try:
            return https_link(said) if said else ""
        except ValueError:
            raise forms.ValidationError(UNUSABLE, code="link_unusable") from None


class LinkForm(forms.Form):
    """`is_own`: the person's own link, which they see and may remove. Others can only replace it."""

    link = LinkField(label="Link to join", required=False)

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_own:
            self.fields["link"].required = True
            self.fields["link"].label = "New link to join"


class NumberForm(forms.Form):
    phone = TelephoneField(label="Number to call")


class LocationForm(ConfigurationForm):
    constraint_fields = {"location_link": "link"}
    link = LinkField(
        label="Link to join",
        required=False,
        help_text="Online only, for advisers without a link of their own. Only student and adviser see it.",
    )

    class Meta:
        model = Location
        fields = "__all__"

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if not link and self.instance.pk and needs_the_places_link(self.instance):
            raise forms.ValidationError("Appointments ahead use this link. Enter another one.", code="link_needed")
        return link
