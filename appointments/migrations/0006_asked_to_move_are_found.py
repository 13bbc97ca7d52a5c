from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0005_move_asked")]

    operations = [
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("move_asked_at__isnull", False)), fields=["adviser"], name="booking_must_move"
            ),
        ),
    ]
