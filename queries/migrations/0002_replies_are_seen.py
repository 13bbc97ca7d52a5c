from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("queries", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="query",
            name="seen_at",
            field=models.DateTimeField(blank=True, help_text="When the person last opened it.", null=True),
        ),
    ]
