"""Every field with choices has its own CHECK constraint, which makes PostgreSQL accept exactly those values."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.utils import IntegrityError

from eligibility.models import Strike
from foundation.outcomes.refusals import refusal_for
from tests.cast import Cast

ROOT = Path(__file__).resolve().parents[2]


def own_models() -> list[type[models.Model]]:
    """The models of this project; libraries check their own."""
    return [
        model
        for app in apps.get_app_configs()
        if Path(app.path).parent == ROOT
        for model in app.get_models(include_auto_created=True)
    ]


def values_of(field: "models.Field[Any, Any]") -> list[Any]:
    chosen = field.base_field if isinstance(field, ArrayField) else field
    return [value for value, _label in chosen.flatchoices]


FIELDS = {
    f"{model._meta.label}.{field.name}": (model, field)
    for model in own_models()
    for field in model._meta.concrete_fields
    if values_of(field)
}


def samples(field: "models.Field[Any, Any]") -> tuple[list[Any], list[Any]]:
    """Values that the database must accept, and values that it must refuse."""
    known = values_of(field)
    unknown = 30_000 if isinstance(known[0], int) else "no such value"
    if isinstance(field, ArrayField):
        return [[], known, known[:1]], [[unknown], [known[0], unknown], [None]]
    if isinstance(known[0], int):
        return known, [unknown, -1]
    return ([*known, ""], [unknown]) if field.blank else (known, [unknown, ""])


def checks_on(model: type[models.Model], column: str) -> list[str]:
    """Expressions of the validated CHECK constraints that read only this column."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE contype = 'c' AND convalidated"
            " AND conrelid = %s::regclass AND conkey = (SELECT array_agg(attnum) FROM pg_attribute"
            " WHERE attrelid = conrelid AND attname = %s)",
            [model._meta.db_table, column],
        )
        return [row[0] for row in cursor.fetchall()]


def passes(check: str, field: "models.Field[Any, Any]", value: Any) -> bool:
    """Does PostgreSQL accept this value under this expression? As in any CHECK, it accepts NULL."""
    column = f"CAST(%s AS {field.db_type(connection)}) AS {connection.ops.quote_name(field.column)}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({check}) IS NOT FALSE FROM (SELECT {column}) AS one_row", [value])  # noqa: S608 - from the catalogue
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize("label", FIELDS)
def test_the_database_knows_the_choices(label: str) -> None:
    model, field = FIELDS[label]
    accepted, refused = samples(field)
    exact = [
        check
        for check in checks_on(model, field.column)
        if all(passes(check, field, value) for value in accepted)
        and not any(passes(check, field, value) for value in refused)
    ]
    assert len(exact) == 1, f"add choice_check() for {field.name} to {model.__name__}.Meta.constraints"


def test_the_choices_of_this_project_are_found() -> None:
    """Guards the test above, which would pass if the list were empty."""
    assert {"Strike.kind", "User.roles", "DiaryTemplate.weekday"} <= {label.partition(".")[2] for label in FIELDS}


@pytest.mark.django_db
def test_a_value_that_bypassed_forms_is_refused_with_a_sentence(cast: Cast) -> None:
    strike = Strike.objects.create(student=cast.student, source_id="b00000000001", on="2026-11-02")
    with pytest.raises(IntegrityError, match="strike_kind_is_known") as refusal, transaction.atomic():
        Strike.objects.filter(pk=strike.pk).update(kind="holiday")
    refused = refusal_for(refusal.value)
    assert refused is not None
    assert (refused.code, bool(refused.message)) == ("strike_kind", True)
