"""Takes the keys of answered requests over from appointments, because other forms have them now too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TAKE_OVER = """
ALTER TABLE appointments_idempotencykey RENAME TO accounts_idempotencykey;
ALTER TABLE accounts_idempotencykey RENAME COLUMN booking_public_id TO answer_id;
"""
GIVE_BACK = """
ALTER TABLE accounts_idempotencykey RENAME COLUMN answer_id TO booking_public_id;
ALTER TABLE accounts_idempotencykey RENAME TO appointments_idempotencykey;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_drafts_are_kept"), ("appointments", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TAKE_OVER, GIVE_BACK)],
            state_operations=[
                migrations.CreateModel(
                    name="IdempotencyKey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=80)),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("answer_id", models.CharField(max_length=12)),
                        ("created_at", models.DateTimeField(auto_now_add=True, db_index=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.AddConstraint(
                    model_name="idempotencykey",
                    constraint=models.UniqueConstraint(
                        fields=("user", "key"),
                        name="request_is_answered_once",
                        violation_error_code="request_repeated",
                        violation_error_message="This request is already being answered.",
                    ),
                ),
            ],
        ),
    ]
