import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wellbeing", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="concern",
            name="student",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="concerns", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="concern",
            constraint=models.CheckConstraint(
                condition=models.Q(("seriousness__in", ["worried", "serious", "urgent"])),
                name="concern_seriousness_is_known",
                violation_error_code="concern_seriousness",
                violation_error_message="Choose the seriousness from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="concern",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "escalated", "closed"])),
                name="concern_state_is_known",
                violation_error_code="concern_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="concernstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["contact", "note", "escalated", "disclosed", "closed", "reopened"])),
                name="concern_step_kind_is_known",
                violation_error_code="concern_step_kind",
                violation_error_message="Choose the kind from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(("to__in", ["school", "support", "emergency"])),
                name="disclosure_to_is_known",
                violation_error_code="disclosure_to",
                violation_error_message="Choose to whom it is disclosed.",
            ),
        ),
    ]
