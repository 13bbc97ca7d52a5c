"""A demonstration created by another version is recognised before anything is changed."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tools.prepare_demo import migrations_of_another_version

pytestmark = pytest.mark.django_db


def test_migrations_that_the_code_does_not_know_are_named() -> None:
    assert migrations_of_another_version() == []
    MigrationRecorder(connection).record_applied("accounts", "0010_personal_email")
    MigrationRecorder(connection).record_applied("an_app_that_was_removed", "0001_initial")
    assert migrations_of_another_version() == ["accounts.0010_personal_email"]
