import django.core.validators
from django.conf import settings
from django.db import migrations, models

LENGTHS = """
UPDATE eligibility_allocationuse used
SET minutes = extract(epoch FROM upper(booking.during) - lower(booking.during)) / 60
FROM appointments_booking booking
WHERE used.source_kind = 'booking' AND used.source_id = booking.public_id
"""
"""Uses of allocations say how long the booking is, for policies that count minutes."""


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0007_last_change_can_be_undone"),
        ("eligibility", "0003_misses_are_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="appointmenttype",
            name="release_has_its_time_and_its_days",
        ),
        migrations.RemoveConstraint(
            model_name="booking",
            name="booking_lateness_is_of_attendance",
        ),
        migrations.AddField(
            model_name="appointmenttype",
            name="late_after_percent",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Instead of minutes.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)],
                verbose_name="late is missed after (% of its length)",
            ),
        ),
        migrations.AddField(
            model_name="appointmenttype",
            name="late_cancelling",
            field=models.CharField(
                choices=[
                    ("counts", "counts against the allocation"),
                    ("miss", "counts against the allocation, and as a miss"),
                    ("refused", "is refused"),
                ],
                default="counts",
                max_length=20,
                verbose_name="cancelling or moving later",
            ),
        ),
        migrations.AddField(
            model_name="appointmenttype",
            name="release_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Instead of working days: how many calendar days are open at a time, released every day.",
                null=True,
                verbose_name="days released",
            ),
        ),
        migrations.AlterField(
            model_name="appointmenttype",
            name="late_after_minutes",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text="More minutes late than this is missed. 0: arriving late is never missed.",
                verbose_name="late is missed after",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointmenttype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("release_days__isnull", True),
                        ("release_time__isnull", True),
                        ("release_weekday__isnull", True),
                        ("release_working_days__isnull", True),
                    ),
                    models.Q(
                        ("release_days__isnull", True),
                        ("release_time__isnull", False),
                        ("release_weekday__isnull", True),
                        ("release_working_days__isnull", False),
                    ),
                    models.Q(
                        ("release_days__isnull", False),
                        ("release_time__isnull", False),
                        ("release_weekday__isnull", True),
                        ("release_working_days__isnull", True),
                    ),
                    models.Q(
                        ("release_days__isnull", True),
                        ("release_time__isnull", False),
                        ("release_weekday__isnull", False),
                        ("release_working_days__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="release_has_its_time_and_its_days",
                violation_error_code="type_release",
                violation_error_message="Enter the release time with either the working days it opens, the days it opens or the weekday on which it opens. Or leave all four empty.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointmenttype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("late_after_percent__isnull", True),
                    models.Q(("late_after_percent__gte", 1), ("late_after_percent__lte", 100)),
                    _connector="OR",
                ),
                name="late_share_is_of_the_length",
                violation_error_code="late_share",
                violation_error_message="Enter a share from 1 to 100 percent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointmenttype",
            constraint=models.CheckConstraint(
                condition=models.Q(("late_cancelling__in", ["counts", "miss", "refused"])),
                name="type_late_cancelling_is_known",
                violation_error_code="type_late_cancelling",
                violation_error_message="Choose the late cancelling from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minutes_late__isnull", True),
                    models.Q(("minutes_late__gte", 1), ("status__in", ["attended", "missed"])),
                    _connector="OR",
                ),
                name="booking_lateness_is_of_attendance",
                violation_error_code="booking_late",
                violation_error_message="Only a student who came can be late, by 1 minute or more.",
            ),
        ),
        migrations.RunSQL(LENGTHS, migrations.RunSQL.noop),
    ]
