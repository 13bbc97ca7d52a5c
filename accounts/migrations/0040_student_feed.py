import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import foundation.values.public_ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0030_standing"),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("university_id", models.CharField(max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("changed", "changed"),
                            ("leaver", "no longer listed"),
                            ("refused", "refused"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
                ("line", models.PositiveIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("applied_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["line", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FeedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("sent", "as it was sent"), ("bad_rows", "rows that were refused")], max_length=10
                    ),
                ),
                ("ordinal", models.PositiveIntegerField()),
                ("body", models.BinaryField()),
            ],
            options={
                "ordering": ["kind", "ordinal"],
            },
        ),
        migrations.CreateModel(
            name="FeedRun",
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
                (
                    "source",
                    models.CharField(
                        choices=[("page", "uploaded"), ("command", "from the command line"), ("nightly", "nightly")],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting to be checked"),
                            ("checking", "being checked"),
                            ("checked", "checked, not applied"),
                            ("approved", "waiting to be applied"),
                            ("applying", "being applied"),
                            ("applied", "applied"),
                            ("refused", "refused"),
                            ("cancelled", "set aside"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("file_hash", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                ("file_size", models.PositiveIntegerField(verbose_name="bytes")),
                ("file_rows", models.PositiveIntegerField(default=0)),
                ("adds_programmes", models.BooleanField(default=True)),
                ("allows_large_change", models.BooleanField(default=False)),
                ("apply_when_checked", models.BooleanField(default=False)),
                ("is_large_change", models.BooleanField(default=False)),
                ("phase", models.CharField(blank=True, max_length=20)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("report", models.JSONField(default=dict)),
                ("problem", models.CharField(blank=True, max_length=500)),
                ("checked_at", models.DateTimeField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("files_deleted_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="enrolment",
            name="left_feed_on",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="no longer in the student feed since"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="in_feed_since",
            field=models.DateField(blank=True, null=True, verbose_name="in the student feed since"),
        ),
        migrations.AddField(
            model_name="user",
            name="left_feed_on",
            field=models.DateField(blank=True, null=True, verbose_name="no longer in the student feed since"),
        ),
        migrations.AddField(
            model_name="user",
            name="set_by_person",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                db_default=[],
                default=list,
                help_text="Fields the person has set themselves: the student feed leaves them alone.",
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="programme",
            name="code",
            field=models.CharField(
                max_length=40,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[A-Za-z0-9._/-]{1,40}\\Z",
                        "A programme code is made of letters, digits and . _ / - without spaces.",
                    )
                ],
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                fields=("student", "programme", "started_on"),
                name="course_is_listed_once",
                violation_error_code="course_twice",
                violation_error_message="This person already has this programme with the same first day.",
            ),
        ),
        migrations.AddField(
            model_name="feedchange",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="feedrun",
            name="approved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="feedrun",
            name="started_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="feedfile",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="files", to="accounts.feedrun"
            ),
        ),
        migrations.AddField(
            model_name="feedchange",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="accounts.feedrun"
            ),
        ),
        migrations.AddConstraint(
            model_name="feedfile",
            constraint=models.UniqueConstraint(
                fields=("run", "kind", "ordinal"),
                name="feed_file_has_each_piece_once",
                violation_error_code="feed_running",
                violation_error_message="This file is being written by somebody else.",
            ),
        ),
        migrations.AddIndex(
            model_name="feedchange",
            index=models.Index(models.F("run"), models.F("kind"), models.F("line"), name="feed_change_by_kind"),
        ),
        migrations.AddConstraint(
            model_name="feedchange",
            constraint=models.UniqueConstraint(
                fields=("run", "university_id"),
                name="feed_run_tells_of_a_person_once",
                violation_error_code="feed_running",
                violation_error_message="This file is being worked on by somebody else.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "refused"), _negated=True), ("applied_at__isnull", True), _connector="OR"
                ),
                name="refused_rows_are_never_applied",
                violation_error_code="feed_refused_row",
                violation_error_message="A refused row cannot be applied.",
            ),
        ),
        # Whoever gave a number or a name before there was a feed keeps it: nobody can tell any more who typed it.
        migrations.RunSQL(
            """
            UPDATE accounts_user SET set_by_person = array_remove(ARRAY[
                CASE WHEN phone <> '' THEN 'phone' END, CASE WHEN preferred_name <> '' THEN 'preferred_name' END], NULL)
            WHERE phone <> '' OR preferred_name <> ''
            """,
            migrations.RunSQL.noop,
        ),
    ]
