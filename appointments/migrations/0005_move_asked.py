from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0004_keys_moved_to_accounts")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="move_asked_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="told that it must move at"),
        ),
    ]
