import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import foundation.values.public_ids
import retention.models.package


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True)),
                ("from_day", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("sections", models.JSONField()),
                ("changes", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Tombstones",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("applied_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "tombstones",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="PurgeRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("night", models.DateField()),
                ("is_dry", models.BooleanField(default=False, verbose_name="counts, but deletes nothing")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "to begin"),
                            ("asking", "waiting for approval"),
                            ("running", "under way"),
                            ("completed", "completed"),
                            ("stopped", "stopped"),
                            ("failed", "failed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("warn", "warning people"),
                            ("list", "listing what is due"),
                            ("rows", "deleting queries"),
                            ("own_clocks", "deleting records with their own period"),
                            ("mentions", "looking for names in other people’s records"),
                            ("people", "deleting people"),
                            ("files", "removing files"),
                            ("copies", "removing copies at providers"),
                            ("verify", "verifying"),
                        ],
                        default="warn",
                        max_length=12,
                    ),
                ),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("asks_because", models.CharField(blank=True, max_length=200)),
                ("approved_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("people_due", models.PositiveIntegerField(default=0)),
                ("people_total", models.PositiveIntegerField(default=0)),
                ("people_done", models.PositiveIntegerField(default=0)),
                ("people_held", models.PositiveIntegerField(default=0)),
                ("warned", models.PositiveIntegerField(default=0)),
                ("position", models.BigIntegerField(default=0)),
                ("files_removed", models.PositiveIntegerField(default=0)),
                ("copies_deleted", models.PositiveIntegerField(default=0)),
                ("left_over", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("problems", models.JSONField(default=list)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="PurgeCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=30)),
                ("before", models.BigIntegerField(default=0)),
                ("listed", models.BigIntegerField(default=0)),
                ("forgotten", models.BigIntegerField(default=0)),
                ("held", models.BigIntegerField(default=0)),
                ("failed", models.BigIntegerField(default=0)),
                ("after", models.BigIntegerField(default=0)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="counts", to="retention.purgerun"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="RetentionWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kept_until", models.DateField()),
                ("warned_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="retention_warnings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RightsRequest",
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
                        choices=[
                            ("access", "Copy of your data"),
                            ("portability", "Data to take to another service"),
                            ("rectification", "Correction"),
                            ("erasure", "Deletion"),
                            ("restriction", "Restriction"),
                            ("objection", "Objection to how we use it"),
                            ("complaint", "Complaint"),
                        ],
                        max_length=14,
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=4000)),
                ("received_on", models.DateField()),
                (
                    "received_how",
                    models.CharField(
                        choices=[
                            ("page", "on the portal"),
                            ("email", "by email"),
                            ("telephone", "by telephone"),
                            ("letter", "by letter"),
                            ("in_person", "in person"),
                        ],
                        default="page",
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "being worked on"),
                            ("paused", "waiting for an answer"),
                            ("closed", "answered"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("due_on", models.DateField()),
                ("paused_on", models.DateField(null=True)),
                ("days_paused", models.PositiveSmallIntegerField(default=0)),
                ("extended_on", models.DateField(null=True)),
                ("acknowledged_on", models.DateField(null=True)),
                ("restricted_at", models.DateTimeField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "done"),
                            ("partly", "done in part"),
                            ("refused", "not done"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("outcome_words", models.TextField(blank=True, max_length=4000)),
                ("closed_at", models.DateTimeField(null=True)),
                ("alerted_on", models.DateField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="rights_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RightsPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=30)),
                ("included", models.BooleanField()),
                ("because", models.CharField(blank=True, max_length=500)),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="retention.rightsrequest"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Redaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=200)),
                ("black_out", models.BooleanField(default=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="redactions",
                        to="retention.rightsrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["words"],
            },
        ),
        migrations.CreateModel(
            name="Package",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting to be put together"),
                            ("building", "being prepared"),
                            ("ready", "ready to be looked at"),
                            ("released", "can be downloaded"),
                            ("failed", "could not be put together"),
                            ("gone", "deleted"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("salt", models.CharField(default=retention.models.package.new_salt, max_length=32)),
                ("name", models.CharField(blank=True, max_length=80)),
                ("size", models.BigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("candidates", models.JSONField(default=list)),
                ("contents", models.JSONField(default=dict)),
                ("built_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                ("expires_on", models.DateField(null=True)),
                ("downloaded_at", models.DateTimeField(null=True)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="packages",
                        to="retention.rightsrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="RightsStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("what", models.CharField(max_length=40)),
                ("words", models.TextField(blank=True, max_length=4000)),
                ("for_person", models.BooleanField(default=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="retention.rightsrequest"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Statistic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=20)),
                ("academic_year", models.CharField(max_length=10)),
                ("first", models.CharField(blank=True, max_length=120)),
                ("second", models.CharField(blank=True, max_length=60)),
                ("third", models.CharField(blank=True, max_length=60)),
                ("count", models.BigIntegerField()),
            ],
            options={
                "ordering": ["what", "academic_year", "first", "second", "third"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("what", "academic_year", "first", "second", "third"),
                        name="statistic_is_counted_in_one_place",
                        violation_error_code="statistic_twice",
                        violation_error_message="This is counted already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TextMention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("model", models.CharField(max_length=60)),
                ("row", models.BigIntegerField()),
                ("field", models.CharField(max_length=40)),
                ("start", models.PositiveIntegerField()),
                ("length", models.PositiveIntegerField()),
                ("found_at", models.DateTimeField()),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("blacked_out", models.BooleanField(null=True)),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="mentions",
                        to="retention.purgerun",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "classes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), blank=True, default=list, size=None
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("placed_at", models.DateTimeField()),
                ("placed_on", models.DateField()),
                ("expires_on", models.DateField(help_text="The last day on which it holds.")),
                ("alerted_on", models.DateField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_because", models.CharField(blank=True, max_length=500)),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="legal_holds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["expires_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="legal_hold_says_why",
                        violation_error_code="hold_reason",
                        violation_error_message="Enter why we must keep it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_on__gte", models.F("placed_on"))),
                        name="legal_hold_ends",
                        violation_error_code="hold_dates",
                        violation_error_message="Choose a day after today. You can extend the hold before it ends.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at__isnull", True), ("lifted_because", ""), ("lifted_by__isnull", True)),
                            models.Q(
                                ("lifted_at__isnull", False),
                                ("lifted_by__isnull", False),
                                models.Q(("lifted_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="legal_hold_is_lifted_by_somebody_for_a_reason",
                        violation_error_code="lift_incomplete",
                        violation_error_message="Enter why you are lifting the hold.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="purgerun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_dry", False), models.Q(("state__in", ["stopped", "failed"]), _negated=True)),
                fields=("night",),
                name="night_has_one_run",
                violation_error_code="run_exists",
                violation_error_message="There is already a run for this night.",
            ),
        ),
        migrations.AddConstraint(
            model_name="purgerun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "completed"), _negated=True),
                    models.Q(models.Q(("digest", ""), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="completed_run_is_sealed",
                violation_error_code="run_unsealed",
                violation_error_message="A completed run must have its digest.",
            ),
        ),
        migrations.AddConstraint(
            model_name="purgerun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state__in", ("completed", "stopped", "failed"))),
                    models.Q(
                        models.Q(("state__in", ("completed", "stopped", "failed")), _negated=True),
                        ("ended_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="run_over_says_when",
                violation_error_code="run_ended",
                violation_error_message="A finished run must say when it ended.",
            ),
        ),
        migrations.AddConstraint(
            model_name="purgerun",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_by__isnull", True), ("approved_at__isnull", False), _connector="OR"),
                name="run_approved_says_when",
                violation_error_code="run_approved",
                violation_error_message="An approved run must say when it was approved.",
            ),
        ),
        migrations.AddConstraint(
            model_name="purgerun",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "asking", "running", "completed", "stopped", "failed"])),
                name="run_state_is_known",
                violation_error_code="run_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="purgerun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "phase__in",
                        ["warn", "list", "rows", "own_clocks", "mentions", "people", "files", "copies", "verify"],
                    )
                ),
                name="run_phase_is_known",
                violation_error_code="run_phase",
                violation_error_message="Choose the phase from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="purgecount",
            constraint=models.UniqueConstraint(
                fields=("run", "key"),
                name="run_counts_a_class_once",
                violation_error_code="count_twice",
                violation_error_message="This class is counted already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionwarning",
            constraint=models.UniqueConstraint(
                fields=("person", "kept_until"),
                name="person_is_warned_once_of_a_day",
                violation_error_code="warned_twice",
                violation_error_message="This person has been told already.",
            ),
        ),
        migrations.AddIndex(
            model_name="rightsrequest",
            index=models.Index(fields=["state", "due_on"], name="request_by_due_day"),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", False),
                        ("state", "closed"),
                        models.Q(("outcome", ""), _negated=True),
                        models.Q(("outcome_words", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", True), ("outcome", "")
                    ),
                    _connector="OR",
                ),
                name="request_answered_says_how",
                violation_error_code="request_outcome",
                violation_error_message="Enter the answer. We send it to the person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paused_on__isnull", False), ("state", "paused")),
                    models.Q(models.Q(("state", "paused"), _negated=True), ("paused_on__isnull", True)),
                    _connector="OR",
                ),
                name="request_paused_says_since_when",
                violation_error_code="request_paused",
                violation_error_message="A paused request must say when it was paused.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    ("kind__in", ["access", "portability", "erasure", "restriction"]),
                ),
                fields=("person", "kind"),
                name="person_has_one_open_request_of_a_kind",
                violation_error_code="request_open",
                violation_error_message="There is already an open request of this kind.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_by__isnull", True), ("closed_at__isnull", False), _connector="OR"),
                name="request_closed_by_somebody_says_when",
                violation_error_code="request_closed",
                violation_error_message="An answered request must say when it was answered.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("restricted_at__isnull", True),
                    models.Q(("kind", "restriction"), ("state", "closed")),
                    _connector="OR",
                ),
                name="request_restricting_is_an_agreed_restriction",
                violation_error_code="request_restricting",
                violation_error_message="Only an agreed request can restrict the use of data.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("lifted_at__isnull", True), ("restricted_at__isnull", False), _connector="OR"),
                name="request_lifted_was_restricting",
                violation_error_code="request_lifted",
                violation_error_message="Only a restriction in force can be lifted.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["access", "portability", "rectification", "erasure", "restriction", "objection", "complaint"],
                    )
                ),
                name="request_kind_is_known",
                violation_error_code="request_kind",
                violation_error_message="Choose the kind from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("received_how__in", ["page", "email", "telephone", "letter", "in_person"])),
                name="request_received_how_is_known",
                violation_error_code="request_received_how",
                violation_error_message="Choose how the request was received.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "paused", "closed"])),
                name="request_state_is_known",
                violation_error_code="request_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "done", "partly", "refused", "withdrawn"])),
                name="request_outcome_is_known",
                violation_error_code="request_outcome",
                violation_error_message="Choose the outcome from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightspart",
            constraint=models.UniqueConstraint(
                fields=("request", "key"),
                name="part_of_a_copy_is_decided_once",
                violation_error_code="part_twice",
                violation_error_message="This is decided already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightspart",
            constraint=models.CheckConstraint(
                condition=models.Q(("included", True), models.Q(("because", ""), _negated=True), _connector="OR"),
                name="part_withheld_says_why",
                violation_error_code="part_reason",
                violation_error_message="Enter why you are leaving it out of the copy.",
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.UniqueConstraint(
                fields=("request", "words"),
                name="redaction_is_decided_once",
                violation_error_code="redaction_twice",
                violation_error_message="These words are on the list already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["waiting", "building"])),
                fields=("request",),
                name="request_has_one_package_in_the_making",
                violation_error_code="package_building",
                violation_error_message="The copy is already being built.",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "released"), _negated=True),
                    models.Q(("expires_on__isnull", False), ("released_at__isnull", False)),
                    _connector="OR",
                ),
                name="package_released_says_until_when",
                violation_error_code="package_released",
                violation_error_message="A released copy must have a last day for downloading.",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["ready", "released"]), _negated=True),
                    ("built_at__isnull", False),
                    _connector="OR",
                ),
                name="package_ready_says_since_when",
                violation_error_code="package_built",
                violation_error_message="A finished copy must say when it was built.",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(("downloaded_at__isnull", True), ("released_at__isnull", False), _connector="OR"),
                name="package_downloaded_was_released",
                violation_error_code="package_downloaded",
                violation_error_message="A copy must be released before it can be downloaded.",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "building", "ready", "released", "failed", "gone"])),
                name="package_state_is_known",
                violation_error_code="package_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="textmention",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reviewed_at__isnull", True)),
                fields=("model", "row", "field", "start"),
                name="mention_is_listed_once",
                violation_error_code="mention_twice",
                violation_error_message="This place is on the list already.",
            ),
        ),
    ]
