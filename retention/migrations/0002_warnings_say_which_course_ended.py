from django.db import migrations, models
from django.db.models.functions import TruncDate


def courses_ended_by_then(apps, schema_editor):
    """Earlier warnings were sent after the last course had ended, so they count for courses that ended by that day."""
    warnings = apps.get_model("retention", "RetentionWarning").objects
    warnings.filter(ended_on__isnull=True).update(ended_on=TruncDate("warned_at"))


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_initial")]

    operations = [
        migrations.AddField("retentionwarning", "ended_on", models.DateField(null=True)),
        migrations.RunPython(courses_ended_by_then, migrations.RunPython.noop),
        migrations.AlterField("retentionwarning", "ended_on", models.DateField()),
        migrations.AlterField(
            "retentionwarning", "kept_until", models.DateField(help_text="the last day we told them")
        ),
    ]
