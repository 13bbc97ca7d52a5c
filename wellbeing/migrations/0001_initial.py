import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import foundation.values.public_ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Concern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("origin_words", models.CharField(blank=True, max_length=200)),
                ("facts", models.TextField()),
                ("tried", models.TextField(blank=True)),
                (
                    "seriousness",
                    models.CharField(
                        choices=[
                            ("worried", "I am worried"),
                            ("serious", "Serious: soon"),
                            ("urgent", "Urgent: today"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("escalated", "escalated"), ("closed", "closed")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("next_on", models.DateField(help_text="When somebody looks at it again.")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="concerns",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["next_on", "raised_at"],
            },
        ),
        migrations.CreateModel(
            name="ConcernStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contact", "Contact with the student"),
                            ("note", "Note"),
                            ("escalated", "Escalated"),
                            ("disclosed", "Disclosed"),
                            ("closed", "Closed"),
                            ("reopened", "Opened again"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.TextField()),
                ("at", models.DateTimeField()),
                ("next_on", models.DateField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="wellbeing.concern"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "to",
                    models.CharField(
                        choices=[
                            ("school", "The student’s School"),
                            ("support", "Student support"),
                            ("emergency", "Emergency services"),
                        ],
                        max_length=10,
                    ),
                ),
                ("to_whom", models.CharField(max_length=120)),
                (
                    "address",
                    models.EmailField(
                        blank=True,
                        help_text="Leave empty if you told them another way, such as by telephone.",
                        max_length=254,
                    ),
                ),
                ("shared", models.TextField()),
                ("why", models.TextField()),
                ("student_told", models.BooleanField()),
                ("not_told_because", models.CharField(blank=True, max_length=300)),
                ("decided_at", models.DateTimeField()),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="disclosures", to="wellbeing.concern"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["decided_at"],
            },
        ),
        migrations.AddConstraint(
            model_name="concern",
            constraint=models.CheckConstraint(
                condition=models.Q(("facts", ""), _negated=True),
                name="concern_says_what_was_seen",
                violation_error_code="concern_facts",
                violation_error_message="Enter what you saw or heard.",
            ),
        ),
        migrations.AddConstraint(
            model_name="concern",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                    models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", True)),
                    _connector="OR",
                ),
                name="concern_is_closed_at_a_time",
                violation_error_code="concern_closed",
                violation_error_message="Only a closed concern has a closing time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="concern",
            constraint=models.CheckConstraint(
                condition=models.Q(("seriousness__in", ["worried", "serious", "urgent"])),
                name="concern_seriousness_is_known",
                violation_error_code="concern_seriousness",
                violation_error_message="Choose the seriousness from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="concern",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "escalated", "closed"])),
                name="concern_state_is_known",
                violation_error_code="concern_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="concernstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True),
                name="concern_step_says_something",
                violation_error_code="step_words",
                violation_error_message="Enter what you did.",
            ),
        ),
        migrations.AddConstraint(
            model_name="concernstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["contact", "note", "escalated", "disclosed", "closed", "reopened"])),
                name="concern_step_kind_is_known",
                violation_error_code="concern_step_kind",
                violation_error_message="Choose the kind from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("shared", ""), _negated=True),
                    models.Q(("why", ""), _negated=True),
                    models.Q(("to_whom", ""), _negated=True),
                ),
                name="disclosure_says_what_why_and_to_whom",
                violation_error_code="disclosure_words",
                violation_error_message="Enter what you are sharing, why, and who with.",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("student_told", True), models.Q(("not_told_because", ""), _negated=True), _connector="OR"
                ),
                name="disclosure_says_why_the_student_was_not_told",
                violation_error_code="disclosure_not_told",
                violation_error_message="Enter why the student was not told.",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(("to__in", ["school", "support", "emergency"])),
                name="disclosure_to_is_known",
                violation_error_code="disclosure_to",
                violation_error_message="Choose who it goes to.",
            ),
        ),
    ]
