import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("queries", "0002_replies_are_seen")]

    operations = [
        migrations.AddField(
            model_name="querymessage",
            name="moved_from",
            field=models.ForeignKey(
                blank=True,
                help_text="The query that it was written in, if that was merged into this one.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="moved_messages",
                to="queries.query",
            ),
        ),
    ]
