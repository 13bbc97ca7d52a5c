from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("queries", "0003_merges_can_be_undone")]

    operations = [
        migrations.AddField(
            model_name="query",
            name="undo",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="querymessage",
            name="held_until",
            field=models.DateTimeField(
                blank=True,
                help_text="Until then the reply can be undone, and its person does not see it.",
                null=True,
            ),
        ),
    ]
