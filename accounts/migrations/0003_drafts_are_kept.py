import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import foundation.values.public_ids


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_people_are_found")]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id,
                        editable=False,
                        max_length=12,
                        unique=True,
                    ),
                ),
                ("page", models.CharField(help_text="Path and query of the page with the form.", max_length=2048)),
                ("address", models.CharField(help_text="The path that the form is sent to.", max_length=2048)),
                ("form", models.CharField(help_text="The name of the form on the page.", max_length=40)),
                ("sealed", models.BinaryField()),
                ("saved_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-saved_at"],
                "indexes": [models.Index(fields=["saved_at"], name="draft_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "address"),
                        name="draft_is_one_for_each_form",
                        violation_error_code="draft_saved_already",
                        violation_error_message="This form has a draft already.",
                    )
                ],
            },
        ),
    ]
