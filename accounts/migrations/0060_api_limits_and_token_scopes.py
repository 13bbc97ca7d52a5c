from datetime import timedelta

import django.contrib.postgres.fields
from django.db import migrations, models
from django.utils import timezone

SCOPES = [
    ("profile:read", "Read your profile and your tokens"),
    ("appointments:read", "Read appointments and free times"),
    ("appointments:write", "Book, move and cancel appointments, and mark attendance"),
    ("documents:read", "Read your list of documents"),
    ("documents:write", "Upload and delete your documents"),
    ("queries:read", "Read queries"),
    ("queries:write", "Send, answer and close queries"),
    ("activities:write", "Record activity results"),
    ("alumni:read", "Read the alumni office’s list"),
]


def every_scope():
    """What a token from before scopes could be used for: its person's roles decide, as they did."""
    return [scope for scope, _ in SCOPES]


def in_90_days():
    """A token from before expiry works as long as a new one does by default."""
    return timezone.localdate() + timedelta(days=90)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0050_limits_and_printable_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("minute", models.DateTimeField(db_index=True)),
                ("requests", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("requests__gte", 1)), name="request_count_is_of_a_request"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="apitoken",
            name="expires_on",
            field=models.DateField(default=in_90_days, help_text="The last local day on which it works."),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="apitoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=SCOPES, max_length=30), default=every_scope, size=None
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="apitoken",
            name="last_used_on",
            field=models.DateField(null=True),
        ),
        migrations.RunSQL(
            "UPDATE accounts_apitoken SET last_used_on = last_used_at::date WHERE last_used_at IS NOT NULL",
            "UPDATE accounts_apitoken SET last_used_at = last_used_on WHERE last_used_on IS NOT NULL",
        ),
        migrations.RemoveField(
            model_name="apitoken",
            name="last_used_at",
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "scopes__contained_by",
                        [
                            "profile:read",
                            "appointments:read",
                            "appointments:write",
                            "documents:read",
                            "documents:write",
                            "queries:read",
                            "queries:write",
                            "activities:write",
                            "alumni:read",
                        ],
                    ),
                    ("scopes__len__gte", 1),
                ),
                name="api_token_scopes_are_known",
                violation_error_code="token_scopes",
                violation_error_message="Choose what the token may be used for.",
            ),
        ),
    ]
