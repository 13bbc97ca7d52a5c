"""A student is never later than the appointment is long.

Before, lateness without a number was the time until somebody pressed a button. A number above the length is therefore
nobody's statement, and is removed; the appointment stays attended. Nothing can bring the number back.
"""

from django.db import migrations, models
from django.db.models import ExpressionWrapper, F, Func, Q, Value
from django.db.models.functions import Extract


class Migration(migrations.Migration):
    dependencies = [("appointments", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "UPDATE appointments_booking SET minutes_late = NULL "
            "WHERE minutes_late * interval '1 minute' > upper(during) - lower(during)",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=Q(minutes_late__isnull=True)
                | Q(
                    minutes_late__lte=Extract(
                        ExpressionWrapper(
                            Func(F("during"), function="upper", output_field=models.DateTimeField())
                            - Func(F("during"), function="lower", output_field=models.DateTimeField()),
                            output_field=models.DurationField(),
                        ),
                        "epoch",
                    )
                    / Value(60)
                ),
                name="booking_lateness_is_within_it",
                violation_error_code="lateness_impossible",
                violation_error_message="A student cannot be later than the appointment is long.",
            ),
        ),
    ]
