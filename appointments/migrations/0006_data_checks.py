import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0005_type_released_weekly"),
        ("eligibility", "0022_data_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BookingNeeds",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=1000, verbose_name="access needs")),
            ],
            options={
                "verbose_name": "access needs for an appointment",
                "verbose_name_plural": "access needs for an appointment",
            },
        ),
        migrations.RemoveConstraint(
            model_name="appointmenttype",
            name="appointment_type_has_a_way_to_meet",
        ),
        migrations.RemoveConstraint(
            model_name="appointmenttype",
            name="release_has_its_time_and_its_days",
        ),
        migrations.AlterField(
            model_name="booking",
            name="adviser",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="diary_bookings", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="booking",
            name="booked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="booking",
            name="ended_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="booking",
            name="student",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="bookings", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="bookingnote",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="diaryblock",
            name="adviser",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="diary_blocks", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="diarytemplate",
            name="adviser",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="diary_templates",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="idempotencykey",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="timeout",
            name="adviser",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="time_out", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="appointmenttype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("release_time__isnull", True),
                        ("release_weekday__isnull", True),
                        ("release_working_days__isnull", True),
                    ),
                    models.Q(
                        ("release_time__isnull", False),
                        ("release_weekday__isnull", True),
                        ("release_working_days__isnull", False),
                    ),
                    models.Q(
                        ("release_time__isnull", False),
                        ("release_weekday__isnull", False),
                        ("release_working_days__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="release_has_its_time_and_its_days",
                violation_error_code="type_release",
                violation_error_message="Give the time of release together with how many working days it opens, or with the day of the week on which it opens; or none of these.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointmenttype",
            constraint=models.CheckConstraint(
                condition=models.Q(("modes__len__gte", 1)),
                name="appointment_type_has_a_way_to_meet",
                violation_error_code="type_modes",
                violation_error_message="Choose at least one way to meet: in_person, online or telephone.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointmenttype",
            constraint=models.CheckConstraint(
                condition=models.Q(("modes__contained_by", ["in_person", "online", "telephone"])),
                name="type_modes_are_known",
                violation_error_code="type_modes",
                violation_error_message="Choose at least one way to meet: in_person, online or telephone.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointmenttype",
            constraint=models.CheckConstraint(
                condition=models.Q(("release_weekday__in", [0, 1, 2, 3, 4, 5, 6])),
                name="type_release_weekday_is_known",
                violation_error_code="type_release_weekday",
                violation_error_message="Choose the release weekday from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("status__in", ["held", "booked", "arrived"])),
                    models.Q(
                        models.Q(("status__in", ["held", "booked", "arrived"]), _negated=True),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="booking_over_says_when",
                violation_error_code="booking_ended",
                violation_error_message="Enter when the appointment was cancelled or marked, and only then.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_by__isnull", True), ("ended_at__isnull", False), _connector="OR"),
                name="booking_ended_by_somebody_says_when",
                violation_error_code="booking_ended_by",
                violation_error_message="Enter when this person cancelled or marked the appointment.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "arrived"), _negated=True), ("arrived_at__isnull", False), _connector="OR"
                ),
                name="booking_arrived_says_when",
                violation_error_code="booking_arrived",
                violation_error_message="Enter when the student arrived.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["booked", "missed"]), _negated=True),
                    ("arrived_at__isnull", True),
                    _connector="OR",
                ),
                name="booking_without_arrival_has_no_time_of_it",
                violation_error_code="booking_not_arrived",
                violation_error_message="The student has not arrived: remove the time of arrival.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minutes_late__isnull", True),
                    models.Q(("minutes_late__gte", 1), ("status", "attended")),
                    _connector="OR",
                ),
                name="booking_lateness_is_of_attendance",
                violation_error_code="booking_late",
                violation_error_message="Only a student who attended can be late, by 1 minute or more.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("seat__gte", 1)),
                name="booking_seat_is_at_least_one",
                violation_error_code="booking_seat",
                violation_error_message="Seats are numbered from 1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["in_person", "online", "telephone"])),
                name="booking_mode_is_known",
                violation_error_code="booking_mode",
                violation_error_message="Choose the mode from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["held", "booked", "arrived", "attended", "missed", "cancelled", "cancelled_by_service"],
                    )
                ),
                name="booking_status_is_known",
                violation_error_code="booking_status",
                violation_error_message="Choose the status from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="diarytemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__in", [0, 1, 2, 3, 4, 5, 6])),
                name="template_weekday_is_known",
                violation_error_code="template_weekday",
                violation_error_message="Choose the weekday from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="location",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["in_person", "online", "telephone"])),
                name="location_mode_is_known",
                violation_error_code="location_mode",
                violation_error_message="Choose the mode from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="location",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidentiality__in", ["confidential", "may_not_be", "not_confidential"])),
                name="location_confidentiality_is_known",
                violation_error_code="location_confidentiality",
                violation_error_message="Choose the confidentiality from the list.",
            ),
        ),
        migrations.AddField(
            model_name="bookingneeds",
            name="booking",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="needs", to="appointments.booking"
            ),
        ),
        migrations.AddConstraint(
            model_name="bookingneeds",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="booking_needs_say_something",
                violation_error_code="access_needs_empty",
                violation_error_message="Enter the access needs.",
            ),
        ),
        # What students said so far moves along.
        migrations.RunSQL(
            "INSERT INTO appointments_bookingneeds (booking_id, text)"
            " SELECT id, access_needs FROM appointments_booking WHERE access_needs <> ''",
            "UPDATE appointments_booking booking SET access_needs = needs.text"
            " FROM appointments_bookingneeds needs WHERE needs.booking_id = booking.id",
        ),
        migrations.RemoveField(
            model_name="booking",
            name="access_needs",
        ),
    ]
