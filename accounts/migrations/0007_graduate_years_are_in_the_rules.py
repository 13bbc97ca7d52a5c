from django.db import migrations


def remove_rows(apps, schema_editor):
    """Removes the values of a setting that only changed a date shown. The rules say how long graduates are admitted.

    Not undone: the rules never read these values.
    """
    apps.get_model("accounts", "PolicySetting").objects.filter(key="graduate_service_years").delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_staff_are_invited")]

    operations = [migrations.RunPython(remove_rows, migrations.RunPython.noop)]
