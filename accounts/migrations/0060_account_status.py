from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0050_limits_and_printable_names")]

    operations = [
        migrations.RenameField("user", "standing", "account_status"),
        migrations.RenameField("user", "opens_again", "was_active"),
    ]
