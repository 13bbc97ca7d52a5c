from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("queries", "0002_replies_are_seen")]

    operations = [
        migrations.AddField(
            model_name="query",
            name="before_merge",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
    ]
