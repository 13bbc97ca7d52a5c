from django import forms

from foundation.values.telephones import normalised

UNREADABLE = "Enter a telephone number, such as 07700 900123, or one that begins with + and the country code."


class TelephoneField(forms.CharField):
    """A telephone number, in E.164 once cleaned."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"max_length": 40, "error_messages": {"required": UNREADABLE}, **kwargs})  # type: ignore[arg-type]  # passed on as given

    def clean(self, value: object) -> str:
        said = str(super().clean(value)).strip()
        return telephone_in(said) if said else ""


def telephone_in(text: str) -> str:
    """The number in E.164. Raises ValidationError."""
    try:
        return normalised(text)
    except ValueError:
        raise forms.ValidationError(UNREADABLE, code="phone_unreadable") from None
