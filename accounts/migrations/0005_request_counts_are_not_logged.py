"""Counts of API requests need not survive a crash of PostgreSQL, so they are not worth a write to its log each."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_forms_are_answered_once")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE accounts_requestcount SET UNLOGGED",
            "ALTER TABLE accounts_requestcount SET LOGGED",
        )
    ]
