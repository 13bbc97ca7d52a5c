import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("eligibility", "0022_data_checks"),
        ("queries", "0003_emails_that_nobody_could_read"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="query",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="query",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="owned_queries",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="query",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="queries",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="query",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into__isnull", True), ("state", "resolved"), _connector="OR"),
                name="query_merged_is_resolved",
                violation_error_code="query_merged",
                violation_error_message="A merged query is closed: write into the other one.",
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
        migrations.AddConstraint(
            model_name="replytemplate",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AlterConstraint(
            model_name="inboundemail",
            name="email_handling_is_known",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("handling__in", ["queued", "threaded", "opened", "ignored", "held", "failed", "settled"])
                ),
                name="email_handling_is_known",
                violation_error_code="email_handling",
                violation_error_message="Choose the handling from the list.",
            ),
        ),
    ]
