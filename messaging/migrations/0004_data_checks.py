import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0003_heartbeat_and_copies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="contactpermission",
            name="permission_is_for_a_purpose_that_needs_one",
        ),
        migrations.RemoveConstraint(
            model_name="outboxmessage",
            name="message_being_sent_is_leased",
        ),
        migrations.RemoveConstraint(
            model_name="outboxmessage",
            name="message_sent_says_when",
        ),
        migrations.AlterField(
            model_name="contactpermission",
            name="noted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="contactpermission",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="contact_permissions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="outboxmessage",
            name="recipient",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpermission",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["marketing", "alumni"])),
                name="permission_is_for_a_purpose_that_needs_one",
                violation_error_code="permission_purpose",
                violation_error_message="Permission is asked for careers news and for the alumni office.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpermission",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["service", "marketing", "alumni"])),
                name="permission_purpose_is_known",
                violation_error_code="permission_purpose",
                violation_error_message="Choose the purpose from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpermission",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["email", "sms", "telephone", "post"])),
                name="permission_channel_is_known",
                violation_error_code="permission_channel",
                violation_error_message="Choose the channel from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpermission",
            constraint=models.CheckConstraint(
                condition=models.Q(("how__in", ["page", "told", "objection", "import"])),
                name="permission_how_is_known",
                violation_error_code="permission_how",
                violation_error_message="Choose the how from the list.",
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
                violation_error_message="A message has a lease while it is being sent, and only then.",
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
                violation_error_message="A sent message has the time when it was sent, and no other message has.",
            ),
        ),
        migrations.AddConstraint(
            model_name="providercopy",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["email", "sms"])),
                name="provider_copy_channel_is_known",
                violation_error_code="provider_copy_channel",
                violation_error_message="Choose the channel from the list.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="attempt",
            name="attempt_outcome_is_known",
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
        migrations.AlterConstraint(
            model_name="heartbeat",
            name="heartbeat_part_is_known",
            constraint=models.CheckConstraint(
                condition=models.Q(("part__in", ["beat", "worker", "sweeper"])),
                name="heartbeat_part_is_known",
                violation_error_code="heartbeat_part",
                violation_error_message="Choose the part from the list.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="outboxmessage",
            name="message_state_is_known",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["queued", "sending", "sent", "failed", "unknown", "cancelled", "missed"])
                ),
                name="message_state_is_known",
                violation_error_code="message_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="outboxmessage",
            name="message_channel_is_known",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["email", "sms"])),
                name="message_channel_is_known",
                violation_error_code="message_channel",
                violation_error_message="Choose the channel from the list.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="outboxmessage",
            name="message_purpose_is_known",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["service", "marketing", "alumni"])),
                name="message_purpose_is_known",
                violation_error_code="message_purpose",
                violation_error_message="Choose the purpose from the list.",
            ),
        ),
    ]
