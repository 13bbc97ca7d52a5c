"""The CHECK constraint behind a field with choices: Django checks choices in forms only, so the database does too."""

from collections.abc import Iterable

from django.db.models import CheckConstraint, Q


def choice_check(
    subject: str, field: str, values: Iterable[str] | Iterable[int], *, blank: bool = False, message: str = ""
) -> CheckConstraint:
    """Named `<subject>_<field>_is_known`, with `<subject>_<field>` as its code. `blank`: the empty text is allowed.

    NULL always passes, as in every CHECK: leave `null` off the field where it must not be empty.
    """
    known: list[str | int] = ["", *values] if blank else list(values)
    return CheckConstraint(
        condition=Q(**{f"{field}__in": known}),
        name=f"{subject}_{field}_is_known",
        violation_error_code=f"{subject}_{field}",
        violation_error_message=message or f"Choose the {_words(field)} from the list.",
    )


def choices_check(subject: str, field: str, values: Iterable[str], *, message: str = "") -> CheckConstraint:
    """The same for an array of choices: `<subject>_<field>_are_known`. The empty array passes."""
    return CheckConstraint(
        condition=Q(**{f"{field}__contained_by": list(values)}),
        name=f"{subject}_{field}_are_known",
        violation_error_code=f"{subject}_{field}",
        violation_error_message=message or f"Choose the {_words(field)} from the list.",
    )


def _words(field: str) -> str:
    return field.replace("_", " ")
