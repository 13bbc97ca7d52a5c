"""Django's admin: what people type into its addresses."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_filter_that_cannot_be_read_is_a_bad_request_in_every_list(client: Client, cast: Cast) -> None:
    client.force_login(cast.administrator)
    lists = [reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist") for model in admin.site._registry]
    answers = {client.get(f"{address}?e=1&nonsense=1").status_code for address in lists}
    assert len(lists) > 10
    assert answers == {400}
