"""CHECK constraints for fields with choices, because Django validates choices in forms only."""

from collections.abc import Iterable

from django.db.models import CheckConstraint, Q


def choice_check(
    subject: str, field: str, values: Iterable[str] | Iterable[int], *, blank: bool = False, message: str = ""
) -> CheckConstraint:
    """Builds the constraint `<subject>_<field>_is_known` with the code `<subject>_<field>`.

    `blank` also allows the empty string. As in every CHECK, NULL always passes: do not set `null` on a field that must
    have a value.
    """
    known: list[str | int] = ["", *values] if blank else list(values)
    return CheckConstraint(
        condition=Q(**{f"{field}__in": known}),
        name=f"{subject}_{field}_is_known",
        violation_error_code=f"{subject}_{field}",
        violation_error_message=message or f"Choose the {_words(field)} from the list.",
    )


def choices_check(subject: str, field: str, values: Iterable[str], *, message: str = "") -> CheckConstraint:
    """The same for an array of choices, named `<subject>_<field>_are_known`. An empty array passes."""
    return CheckConstraint(
        condition=Q(**{f"{field}__contained_by": list(values)}),
        name=f"{subject}_{field}_are_known",
        violation_error_code=f"{subject}_{field}",
        violation_error_message=message or f"Choose the {_words(field)} from the list.",
    )


def _words(field: str) -> str:
    return field.replace("_", " ")
