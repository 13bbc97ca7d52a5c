from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("appointments", "0003_how_people_meet"), ("accounts", "0004_forms_are_answered_once")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="IdempotencyKey")]),
    ]
