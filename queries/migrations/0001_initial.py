import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import foundation.values.public_ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("eligibility", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="Query",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("from_address", models.EmailField(blank=True, max_length=254)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("general", "General question"),
                            ("circumstances", "Extenuating circumstances"),
                            ("data_rights", "My data and my rights"),
                            ("appeal", "Appeal against a decision"),
                            ("technical", "Something does not work"),
                            ("link_request", "Request for a link"),
                            ("post_proposal", "Suggest a vacancy"),
                        ],
                        default="general",
                        max_length=20,
                    ),
                ),
                ("subject", models.CharField(max_length=160)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("waiting", "waiting for the person"), ("resolved", "resolved")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("about_kind", models.CharField(blank=True, max_length=20)),
                ("about_id", models.CharField(blank=True, max_length=40)),
                ("about_words", models.CharField(blank=True, max_length=200)),
                ("opened_at", models.DateTimeField()),
                ("last_at", models.DateTimeField(help_text="Of the last message that the person wrote or was sent.")),
                ("due_on", models.DateField(help_text="By when an answer is promised.")),
                ("answered_at", models.DateTimeField(blank=True, help_text="Of the first reply.", null=True)),
                (
                    "resolved_at",
                    models.DateTimeField(
                        blank=True, help_text="Retention counts from here. Reopening clears it.", null=True
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True, choices=[("accepted", "accepted"), ("declined", "declined")], max_length=10
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_because", models.CharField(blank=True, max_length=500)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="merged",
                        to="queries.query",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="owned_queries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="queries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "strike",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="queries",
                        to="eligibility.strike",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "queries",
                "ordering": ["-last_at"],
            },
        ),
        migrations.CreateModel(
            name="InboundEmail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("message_id", models.CharField(blank=True, max_length=300)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("content", models.CharField(blank=True, max_length=64)),
                ("sender", models.EmailField(blank=True, max_length=254)),
                ("subject", models.CharField(blank=True, max_length=160)),
                ("received_at", models.DateTimeField()),
                (
                    "handling",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("threaded", "added to its query"),
                            ("opened", "opened a query"),
                            ("ignored", "not answered"),
                            ("held", "waiting for a colleague to look"),
                            ("failed", "could not be read"),
                            ("settled", "dealt with"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("raw", models.BinaryField()),
                ("size", models.PositiveIntegerField()),
                (
                    "query",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="emails",
                        to="queries.query",
                    ),
                ),
            ],
            options={
                "ordering": ["-received_at"],
            },
        ),
        migrations.CreateModel(
            name="QueryMessage",
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
                        choices=[("asked", "from the person"), ("reply", "our reply"), ("comment", "internal comment")],
                        max_length=10,
                    ),
                ),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("page", "on the page"),
                            ("email", "by email"),
                            ("telephone", "by telephone"),
                            ("api", "by a program"),
                        ],
                        default="page",
                        max_length=10,
                    ),
                ),
                ("from_address", models.EmailField(blank=True, max_length=254)),
                ("text", models.TextField()),
                ("quoted", models.TextField(blank=True, help_text="What an email repeated of earlier ones.")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "email",
                    models.ForeignKey(
                        blank=True,
                        help_text="The original that it came in.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="messages",
                        to="queries.inboundemail",
                    ),
                ),
                (
                    "query",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="queries.query"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReplyTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("general", "General question"),
                            ("circumstances", "Extenuating circumstances"),
                            ("data_rights", "My data and my rights"),
                            ("appeal", "Appeal against a decision"),
                            ("technical", "Something does not work"),
                            ("link_request", "Request for a link"),
                            ("post_proposal", "Suggest a vacancy"),
                        ],
                        help_text="Leave empty for all categories.",
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(max_length=4000)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="reply_template_says_something",
                        violation_error_code="template_empty",
                        violation_error_message="Enter the text of the template.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "category__in",
                                [
                                    "",
                                    "general",
                                    "circumstances",
                                    "data_rights",
                                    "appeal",
                                    "technical",
                                    "link_request",
                                    "post_proposal",
                                ],
                            )
                        ),
                        name="reply_template_category_is_known",
                        violation_error_code="reply_template_category",
                        violation_error_message="Choose the category from the list.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="query",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", True)), fields=["state", "due_on"], name="query_by_due_day"
            ),
        ),
        migrations.AddIndex(
            model_name="query",
            index=models.Index(fields=["-last_at", "-id"], name="query_by_last_message"),
        ),
        migrations.AddIndex(
            model_name="query",
            index=models.Index(fields=["person", "-last_at"], name="query_by_person"),
        ),
        migrations.AddIndex(
            model_name="query",
            index=models.Index(
                condition=models.Q(("resolved_at__isnull", False)), fields=["resolved_at"], name="query_by_end"
            ),
        ),
        migrations.AddIndex(
            model_name="query",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["subject"], name="query_subject_words", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="query",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True),
                    models.Q(("merged_into", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="query_is_not_merged_into_itself",
                violation_error_code="same_query",
                violation_error_message="A query cannot be merged into itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="query",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("person__isnull", False), models.Q(("from_address", ""), _negated=True), _connector="OR"
                ),
                name="query_is_from_somebody",
                violation_error_code="query_sender",
                violation_error_message="Enter who is asking.",
            ),
        ),
        migrations.AddConstraint(
            model_name="query",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("resolved_at__isnull", False), ("state", "resolved")),
                    models.Q(models.Q(("state", "resolved"), _negated=True), ("resolved_at__isnull", True)),
                    _connector="OR",
                ),
                name="query_runs_its_two_months_from_its_resolution",
                violation_error_code="query_resolved",
                violation_error_message="Only a resolved query has a day of resolution.",
            ),
        ),
        migrations.AddConstraint(
            model_name="query",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("decided_because", ""),
                        ("decided_by__isnull", True),
                        ("decision", ""),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("decision__in", ["accepted", "declined"]),
                        ("category", "circumstances"),
                        models.Q(("decided_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="circumstances_are_decided_by_somebody_with_words",
                violation_error_code="query_decision",
                violation_error_message="Enter the decision about the circumstances and the reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="query",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into__isnull", True), ("state", "resolved"), _connector="OR"),
                name="query_merged_is_resolved",
                violation_error_code="query_merged",
                violation_error_message="This query was merged. Write in the other one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="query",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "category__in",
                        [
                            "general",
                            "circumstances",
                            "data_rights",
                            "appeal",
                            "technical",
                            "link_request",
                            "post_proposal",
                        ],
                    )
                ),
                name="query_category_is_known",
                violation_error_code="query_category",
                violation_error_message="Choose the category from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="query",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "waiting", "resolved"])),
                name="query_state_is_known",
                violation_error_code="query_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="query",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision__in", ["", "accepted", "declined"])),
                name="query_decision_is_known",
                violation_error_code="query_decision",
                violation_error_message="Choose the decision from the list.",
            ),
        ),
        migrations.AddIndex(
            model_name="inboundemail",
            index=models.Index(fields=["message_id"], name="email_by_message_id"),
        ),
        migrations.AddIndex(
            model_name="inboundemail",
            index=models.Index(fields=["-received_at", "-id"], name="email_by_arrival"),
        ),
        migrations.AddIndex(
            model_name="inboundemail",
            index=models.Index(
                condition=models.Q(("handling__in", ("held", "failed"))),
                fields=["-received_at"],
                name="email_needing_attention",
            ),
        ),
        migrations.AddConstraint(
            model_name="inboundemail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("handling__in", ["threaded", "opened"]), ("query__isnull", False)),
                    models.Q(
                        models.Q(("handling__in", ["threaded", "opened"]), _negated=True), ("query__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="email_with_a_query_says_so",
                violation_error_code="email_query",
                violation_error_message="Only an email that opened or joined a query belongs to one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inboundemail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("handling__in", ["queued", "threaded", "opened", "ignored", "held", "failed", "settled"])
                ),
                name="email_handling_is_known",
                violation_error_code="email_handling",
                violation_error_message="Choose the handling from the list.",
            ),
        ),
        migrations.AddIndex(
            model_name="querymessage",
            index=models.Index(fields=["query", "at"], name="message_by_thread"),
        ),
        migrations.AddIndex(
            model_name="querymessage",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["text"], name="message_words", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="querymessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="message_says_something",
                violation_error_code="message_empty",
                violation_error_message="Write something first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="querymessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "asked"), ("by__isnull", False), _connector="OR"),
                name="message_of_ours_has_its_author",
                violation_error_code="message_author",
                violation_error_message="A reply or comment must have an author.",
            ),
        ),
        migrations.AddConstraint(
            model_name="querymessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["asked", "reply", "comment"])),
                name="query_message_kind_is_known",
                violation_error_code="query_message_kind",
                violation_error_message="Choose the kind from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="querymessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("via__in", ["page", "email", "telephone", "api"])),
                name="query_message_via_is_known",
                violation_error_code="query_message_via",
                violation_error_message="Choose the via from the list.",
            ),
        ),
    ]
