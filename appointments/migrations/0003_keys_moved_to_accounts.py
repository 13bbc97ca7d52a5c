from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("appointments", "0002_lateness_is_stated"), ("accounts", "0003_forms_are_answered_once")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="IdempotencyKey")]),
    ]
