import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import documents.models.stored_file
import foundation.values.public_ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("cv", "CV"), ("application", "Application form"), ("advert", "Job advert")],
                        default="cv",
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="documents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="DocumentShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "source_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("booking", "a booking"),
                            ("query", "a query"),
                            ("absence", "an absence recorded by hand, which has no row of its own"),
                        ],
                        max_length=12,
                    ),
                ),
                ("source_id", models.CharField(blank=True, db_index=True, max_length=12)),
                ("shared_at", models.DateTimeField(auto_now_add=True)),
                (
                    "adviser",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="documents.document"
                    ),
                ),
            ],
            options={
                "ordering": ("shared_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(default=documents.models.stored_file.new_name, max_length=60, unique=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("discarded", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["discarded", "made_at"], name="stored_file_by_age")],
            },
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("format", models.CharField(choices=[("pdf", "PDF"), ("docx", "Word")], max_length=4)),
                ("size", models.PositiveIntegerField(help_text="Bytes, of what is served.")),
                ("sha256", models.CharField(help_text="Of what is served.", max_length=64)),
                ("uploaded_sha256", models.CharField(help_text="Of the file that was uploaded.", max_length=64)),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "state",
                    models.CharField(
                        choices=[("quarantined", "Being checked"), ("clean", "Checked"), ("refused", "Refused")],
                        default="quarantined",
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, help_text="Why it was refused: a code.", max_length=40)),
                (
                    "taken_out",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("action", "actions that start by themselves"),
                                ("add_in", "Word add-ins"),
                                ("attachment", "attached files"),
                                ("field", "fields that fetch or start something"),
                                ("form", "an Adobe form (XFA)"),
                                ("link", "links to files or programs"),
                                ("media", "media such as sound and video"),
                                ("object", "embedded objects and spreadsheets"),
                                ("picture", "pictures in a format we cannot check"),
                                ("remote", "content loaded from elsewhere"),
                                ("restriction", "restrictions on printing and copying"),
                                ("script", "scripts"),
                                ("signature", "a digital signature"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        help_text="What the copy that is served leaves out: codes.",
                        size=None,
                    ),
                ),
                (
                    "scanned_by",
                    models.CharField(blank=True, help_text="Empty: no virus scanner is set up.", max_length=20),
                ),
                ("checked_at", models.DateTimeField(null=True)),
                ("try_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("claim", models.UUIDField(null=True)),
                ("strikes", models.PositiveSmallIntegerField(default=0)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="documents.document"
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="version",
                        to="documents.storedfile",
                    ),
                ),
            ],
            options={
                "ordering": ("-number",),
            },
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="document_has_a_name",
                violation_error_code="document_name",
                violation_error_message="Give the document a name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["cv", "application", "advert"])),
                name="document_kind_is_known",
                violation_error_code="document_kind",
                violation_error_message="Choose a CV, an application form or a job advert.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentshare",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("adviser__isnull", False), ("source_id", ""), ("source_kind", "")),
                    models.Q(
                        ("adviser__isnull", True),
                        models.Q(("source_kind", ""), _negated=True),
                        models.Q(("source_id", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="share_is_with_an_adviser_or_a_source",
                violation_error_code="share_with_nobody",
                violation_error_message="Choose who to share the document with.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentshare",
            constraint=models.UniqueConstraint(
                fields=("document", "adviser"),
                name="document_is_shared_with_an_adviser_once",
                violation_error_code="shared_already",
                violation_error_message="This document is shared with that adviser already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentshare",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source_id", ""), _negated=True),
                fields=("document", "source_kind", "source_id"),
                name="document_is_shared_for_a_source_once",
                violation_error_code="shared_already",
                violation_error_message="This document is attached already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("source_kind__in", ["", "booking", "query", "absence"])),
                name="share_source_kind_is_known",
                violation_error_code="share_source_kind",
                violation_error_message="Choose the source kind from the list.",
            ),
        ),
        migrations.AddIndex(
            model_name="documentversion",
            index=models.Index(condition=models.Q(("state", "quarantined")), fields=["try_at"], name="version_due"),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.UniqueConstraint(
                fields=("document", "number"),
                name="version_has_its_own_number",
                violation_error_code="busy",
                violation_error_message="Another version is being added at this moment. Please try again.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file__isnull", True), ("state", "refused")),
                    models.Q(models.Q(("state", "refused"), _negated=True), ("file__isnull", False)),
                    _connector="OR",
                ),
                name="version_has_its_file_unless_refused",
                violation_error_code="document_refused",
                violation_error_message="A refused file must not be stored.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), models.Q(("reason", ""), _negated=True)),
                    models.Q(models.Q(("state", "refused"), _negated=True), ("reason", "")),
                    _connector="OR",
                ),
                name="version_refused_says_why",
                violation_error_code="document_refused",
                violation_error_message="A refused file must say why.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "clean"), ("taken_out__len", 0), _connector="OR"),
                name="version_taken_out_is_of_a_released_copy",
                violation_error_code="document_unchecked",
                violation_error_message="Only a released copy can have something removed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "clean"), _negated=True), ("checked_at__isnull", False), _connector="OR"
                ),
                name="version_released_says_when",
                violation_error_code="document_unchecked",
                violation_error_message="A file must be checked before it is released.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("format__in", ["pdf", "docx"])),
                name="version_format_is_known",
                violation_error_code="version_format",
                violation_error_message="Only PDF and Word (DOCX) files can be used.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["quarantined", "clean", "refused"])),
                name="version_state_is_known",
                violation_error_code="version_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "taken_out__contained_by",
                        [
                            "action",
                            "add_in",
                            "attachment",
                            "field",
                            "form",
                            "link",
                            "media",
                            "object",
                            "picture",
                            "remote",
                            "restriction",
                            "script",
                            "signature",
                        ],
                    )
                ),
                name="version_taken_out_are_known",
                violation_error_code="version_taken_out",
                violation_error_message="Choose the taken out from the list.",
            ),
        ),
    ]
