from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from foundation.values.public_ids import new_public_id

FLATTEN = """
WITH RECURSIVE chain (id, last, seen) AS (
    SELECT id, merged_into_id, ARRAY[id] FROM queries_query WHERE merged_into_id IS NOT NULL
  UNION ALL
    SELECT chain.id, next.merged_into_id, chain.seen || next.id
    FROM chain JOIN queries_query next ON next.id = chain.last
    WHERE next.merged_into_id IS NOT NULL AND next.id <> ALL(chain.seen)
)
UPDATE queries_query merged SET merged_into_id = target.id
FROM chain JOIN queries_query target ON target.id = chain.last AND target.merged_into_id IS NULL
WHERE merged.id = chain.id AND merged.merged_into_id <> target.id
"""
"""A query that was merged twice leads straight to the last one, as merging now keeps it."""
MOVE_EMAILS = """
UPDATE queries_inboundemail email SET query_id = query.merged_into_id
FROM queries_query query WHERE query.id = email.query_id AND query.merged_into_id IS NOT NULL
"""
NAME_ORIGINALS = """
UPDATE queries_querymessage message SET email_id = email.id
FROM queries_inboundemail email
WHERE message.via = 'email' AND message.query_id = email.query_id AND message.at >= email.received_at
      AND message.at < email.received_at + interval '1 second'
"""
"""Until now only the time said which email a message came in: it was written a moment after."""


def give_public_ids(apps: Any, schema_editor: Any) -> None:
    emails = apps.get_model("queries", "InboundEmail").objects.using(schema_editor.connection.alias)
    for pk in emails.values_list("pk", flat=True).iterator():
        emails.filter(pk=pk).update(public_id=new_public_id())


class Migration(migrations.Migration):
    dependencies = [
        ("eligibility", "0021_grant_has_its_reason"),
        ("queries", "0002_query_query_by_end"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="inboundemail",
            name="content",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="inboundemail",
            name="public_id",
            field=models.CharField(editable=False, max_length=12, null=True),
        ),
        migrations.RunPython(give_public_ids, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="inboundemail",
            name="public_id",
            field=models.CharField(default=new_public_id, editable=False, max_length=12, unique=True),
        ),
        migrations.AddField(
            model_name="inboundemail",
            name="sender",
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name="inboundemail",
            name="subject",
            field=models.CharField(blank=True, max_length=160),
        ),
        migrations.AddField(
            model_name="querymessage",
            name="email",
            field=models.ForeignKey(
                blank=True,
                help_text="The original that it came in.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="messages",
                to="queries.inboundemail",
            ),
        ),
        migrations.AlterField(
            model_name="inboundemail",
            name="handling",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="querymessage",
            name="quoted",
            field=models.TextField(blank=True, help_text="What an email repeated of earlier ones."),
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
                    ("handling__in", ["queued", "threaded", "opened", "ignored", "held", "failed", "settled"])
                ),
                name="email_handling_is_known",
                violation_error_code="email_handling",
                violation_error_message="Choose what happened to this email.",
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
                violation_error_message="An email belongs to a query once it has opened or joined one.",
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
        migrations.RunSQL(FLATTEN, migrations.RunSQL.noop),
        migrations.RunSQL(MOVE_EMAILS, migrations.RunSQL.noop),
        migrations.RunSQL(NAME_ORIGINALS, migrations.RunSQL.noop),
    ]
