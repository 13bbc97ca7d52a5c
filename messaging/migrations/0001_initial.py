import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
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
            name="Heartbeat",
            fields=[
                (
                    "part",
                    models.CharField(
                        choices=[("beat", "Clock"), ("worker", "Worker"), ("sweeper", "Sweeper")],
                        max_length=10,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("part__in", ["beat", "worker", "sweeper"])),
                        name="heartbeat_part_is_known",
                        violation_error_code="heartbeat_part",
                        violation_error_message="Choose the part from the list.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("channel", models.CharField(choices=[("email", "Email"), ("sms", "Text message")], max_length=8)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("service", "Service message"),
                            ("marketing", "Careers marketing"),
                            ("alumni", "Alumni contact"),
                        ],
                        default="service",
                        max_length=12,
                    ),
                ),
                ("to_address", models.CharField(blank=True, max_length=254)),
                ("context", models.JSONField(blank=True, default=dict)),
                ("regarding", models.CharField(blank=True, db_index=True, max_length=40)),
                ("dedupe_key", models.CharField(max_length=160, unique=True)),
                ("not_before", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("unknown", "Delivery unknown"),
                            ("cancelled", "Cancelled"),
                            ("missed", "Too late to send"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("try_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("claim", models.UUIDField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("strikes", models.PositiveSmallIntegerField(default=0)),
                (
                    "copies",
                    models.PositiveSmallIntegerField(
                        db_default=0, default=0, help_text="How many copies of this email a mail server may have."
                    ),
                ),
                ("provider", models.CharField(blank=True, max_length=40)),
                ("provider_id", models.CharField(blank=True, max_length=200)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("body_text", models.TextField(blank=True)),
                ("body_html", models.TextField(blank=True)),
                ("attachments", models.JSONField(blank=True, default=list)),
                ("message_id", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "recipient",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("temporary", "Failed, to be tried again"),
                            ("permanent", "Refused for good"),
                            ("uncertain", "No answer after it was handed over"),
                            ("lapsed", "Its worker stopped"),
                            ("withdrawn", "No longer wanted"),
                            ("found", "Found at the provider"),
                            ("absent", "Never reached the provider"),
                        ],
                        max_length=10,
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=500)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempt_history",
                        to="messaging.outboxmessage",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="ProviderCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(choices=[("email", "Email"), ("sms", "Text message")], max_length=8)),
                ("provider_id", models.CharField(max_length=200, unique=True)),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("tries", models.PositiveIntegerField(db_default=0, default=0)),
            ],
            options={
                "verbose_name_plural": "provider copies",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["email", "sms"])),
                        name="provider_copy_channel_is_known",
                        violation_error_code="provider_copy_channel",
                        violation_error_message="Choose the channel from the list.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPermission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("service", "Service message"),
                            ("marketing", "Careers marketing"),
                            ("alumni", "Alumni contact"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "Email"),
                            ("sms", "Text message"),
                            ("telephone", "Telephone"),
                            ("post", "Post"),
                        ],
                        max_length=10,
                    ),
                ),
                ("given", models.BooleanField()),
                ("said_at", models.DateTimeField()),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("page", "on their page"),
                            ("told", "told a colleague"),
                            ("objection", "by an objection"),
                            ("import", "from another system"),
                        ],
                        default="page",
                        max_length=10,
                    ),
                ),
                (
                    "where",
                    models.CharField(blank=True, help_text="The page, or what a colleague wrote down.", max_length=80),
                ),
                (
                    "noted_by",
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
                        related_name="contact_permissions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-said_at", "-pk"),
                "indexes": [
                    models.Index(fields=["person", "purpose", "channel", "-said_at"], name="permission_latest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["marketing", "alumni"])),
                        name="permission_is_for_a_purpose_that_needs_one",
                        violation_error_code="permission_purpose",
                        violation_error_message="Permission must be for careers news or for the alumni office.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["service", "marketing", "alumni"])),
                        name="permission_purpose_is_known",
                        violation_error_code="permission_purpose",
                        violation_error_message="Choose the purpose from the list.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["email", "sms", "telephone", "post"])),
                        name="permission_channel_is_known",
                        violation_error_code="permission_channel",
                        violation_error_message="Choose the channel from the list.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["page", "told", "objection", "import"])),
                        name="permission_how_is_known",
                        violation_error_code="permission_how",
                        violation_error_message="Choose the how from the list.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "unknown"])), fields=["try_at", "id"], name="message_due"
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(
                    models.Q(("subject", ""), _negated=True),
                    models.Q(("body_text", ""), _negated=True),
                    models.Q(("body_html", ""), _negated=True),
                    _connector="OR",
                ),
                fields=["created_at"],
                name="message_with_words",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(condition=models.Q(("state", "sending")), fields=["lease_until"], name="message_leased"),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("copies__lte", 2)), name="message_has_at_most_two_copies"
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recipient__isnull", False), models.Q(("to_address", ""), _negated=True), _connector="OR"
                ),
                name="message_goes_to_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claim__isnull", False), ("lease_until__isnull", False), ("state", "sending")),
                    models.Q(models.Q(("state", "sending"), _negated=True), ("lease_until__isnull", True)),
                    _connector="OR",
                ),
                name="message_being_sent_is_leased",
                violation_error_code="message_lease",
                violation_error_message="Only a message that is being sent has a lease.",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                    _connector="OR",
                ),
                name="message_sent_says_when",
                violation_error_code="message_sent",
                violation_error_message="Only a sent message has a sent time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("failed", "unknown", "cancelled", "missed")), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="message_unsent_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expires_at__isnull", True), ("expires_at__gt", models.F("not_before")), _connector="OR"
                ),
                name="message_expires_after_it_is_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["queued", "sending", "sent", "failed", "unknown", "cancelled", "missed"])
                ),
                name="message_state_is_known",
                violation_error_code="message_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["email", "sms"])),
                name="message_channel_is_known",
                violation_error_code="message_channel",
                violation_error_message="Choose the channel from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["service", "marketing", "alumni"])),
                name="message_purpose_is_known",
                violation_error_code="message_purpose",
                violation_error_message="Choose the purpose from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        ["sent", "temporary", "permanent", "uncertain", "lapsed", "withdrawn", "found", "absent"],
                    )
                ),
                name="attempt_outcome_is_known",
                violation_error_code="attempt_outcome",
                violation_error_message="Choose the outcome from the list.",
            ),
        ),
    ]
