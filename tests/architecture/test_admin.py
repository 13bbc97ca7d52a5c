"""Django's admin shows every field that an administrator may set."""

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets

WITH_FIELDSETS = [each for each in admin.site._registry.values() if each.fieldsets]


@pytest.mark.parametrize("model_admin", WITH_FIELDSETS, ids=lambda each: each.opts.label)
def test_every_editable_field_is_on_its_page(model_admin: admin.ModelAdmin) -> None:
    """A field missing from the fieldsets could not be edited anywhere. Fields left out on purpose are in `exclude`."""
    editable = {each.name for each in (*model_admin.opts.fields, *model_admin.opts.many_to_many) if each.editable}
    shown = {*flatten_fieldsets(model_admin.fieldsets), *(model_admin.exclude or ()), model_admin.opts.pk.name}
    assert sorted(editable - shown) == []
