from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retention", "0002_warnings_say_which_course_ended")]

    operations = [
        migrations.AddField(
            "package", "blacked_out", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
    ]
