from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0006_asked_to_move_are_found")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="undo",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
    ]
