"""Telephone numbers in E.164, validated with Google's `phonenumbers`."""

import phonenumbers
from django.conf import settings


def is_fictional(number: str) -> bool:
    """Whether the number has a prefix reserved for fiction (Ofcom: 07700 900), as in the demonstration.

    No numbering plan calls these valid.
    """
    return number.startswith(tuple(getattr(settings, "MESSAGING_FICTIONAL_MOBILES", ()))) and len(number) == 13


def shown_number(number: str) -> str:
    """`+447700900123` → `+44 7700 900123`, which can be dialled anywhere."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def normalised(text: str) -> str:
    """`07700 900123` → `+447700900123`. Numbers without + are read in the institution's region. Raises ValueError."""
    try:
        parsed = phonenumbers.parse(text, settings.PHONENUMBER_DEFAULT_REGION)
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a telephone number") from error
    number = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    if not (phonenumbers.is_valid_number(parsed) or is_fictional(number)):
        raise ValueError("no such telephone number")
    return number
