import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import foundation.values.public_ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("eligibility", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AppointmentType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("summary", models.CharField(help_text="One sentence, shown in the list.", max_length=200)),
                ("description", models.TextField(blank=True, help_text="What it is for and how to prepare.")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(480),
                        ]
                    ),
                ),
                (
                    "turnaround_minutes",
                    models.PositiveSmallIntegerField(default=0, verbose_name="minutes kept free afterwards"),
                ),
                (
                    "capacity",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="More than one: a group session.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="places",
                    ),
                ),
                (
                    "modes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("in_person", "In person"), ("online", "Online"), ("telephone", "Telephone")],
                            max_length=20,
                        ),
                        size=None,
                        verbose_name="how people meet",
                    ),
                ),
                (
                    "confidential_by_nature",
                    models.BooleanField(
                        default=True,
                        help_text="Not ticked: never confidential, wherever it is held (applications advice).",
                    ),
                ),
                ("notice_minutes", models.PositiveIntegerField(default=0, verbose_name="minutes of notice")),
                ("horizon_days", models.PositiveSmallIntegerField(default=14, verbose_name="days ahead")),
                (
                    "release_time",
                    models.TimeField(
                        blank=True,
                        help_text="Each working day at this time the next days open.",
                        null=True,
                        verbose_name="released at",
                    ),
                ),
                (
                    "release_working_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="How many working days are open at a time; 0: the same day.",
                        null=True,
                        verbose_name="working days released",
                    ),
                ),
                (
                    "release_weekday",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        help_text="Instead of each working day: on this day of the week the days open that “days ahead” says.",
                        null=True,
                        verbose_name="released once a week, on",
                    ),
                ),
                ("term_only", models.BooleanField(default=False, verbose_name="in teaching terms only")),
                (
                    "late_after_minutes",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="Minutes after the start from which not being there is a miss.",
                        verbose_name="late is missed after",
                    ),
                ),
                (
                    "cancel_notice_minutes",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Minutes before the start; cancelling later still counts against the allocation. 0: until the start.",
                        verbose_name="free cancellation until",
                    ),
                ),
                (
                    "open_on_hold",
                    models.BooleanField(
                        default=False,
                        help_text="Ticked: a hold never covers it, as for a drop-in desk. Otherwise a hold on appointments closes it.",
                        verbose_name="open to students on hold",
                    ),
                ),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), blank=True, default=list, size=None
                    ),
                ),
                (
                    "questions",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text='Questions to ask: [{"key": "employer", "label": "Employer", "required": true}].',
                    ),
                ),
                (
                    "document_wanted",
                    models.CharField(
                        blank=True,
                        help_text="For example: the job advert. Never required.",
                        max_length=120,
                        verbose_name="document asked for",
                    ),
                ),
                (
                    "colour",
                    models.PositiveSmallIntegerField(
                        default=0, validators=[django.core.validators.MaxValueValidator(7)]
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("is_offered", models.BooleanField(default=True, verbose_name="offered")),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="eligibility.audience",
                        verbose_name="who may book",
                    ),
                ),
                (
                    "policies",
                    models.ManyToManyField(
                        blank=True,
                        related_name="appointment_types",
                        to="eligibility.allocationpolicy",
                        verbose_name="how many",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "name"],
            },
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("in_person", "In person"), ("online", "Online"), ("telephone", "Telephone")],
                        max_length=20,
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("occupies", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("local_date", models.DateField()),
                ("session", models.CharField(max_length=60)),
                ("seat", models.PositiveSmallIntegerField(default=1)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("held", "Held"),
                            ("booked", "Booked"),
                            ("arrived", "Arrived"),
                            ("attended", "Attended"),
                            ("missed", "Missed"),
                            ("cancelled", "Cancelled"),
                            ("cancelled_by_service", "Cancelled by the service"),
                        ],
                        default="booked",
                        max_length=24,
                    ),
                ),
                ("consumes", models.BooleanField(default=True, verbose_name="counts against the allocation")),
                ("topic", models.CharField(blank=True, max_length=80)),
                ("help_wanted", models.TextField(blank=True, max_length=2000)),
                ("answers", models.JSONField(blank=True, default=dict)),
                ("recording_permission", models.BooleanField(default=False)),
                ("booked_at", models.DateTimeField()),
                ("override_reason", models.CharField(blank=True, max_length=300)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("arrived_at", models.DateTimeField(null=True)),
                ("minutes_late", models.PositiveSmallIntegerField(null=True)),
                ("ended_at", models.DateTimeField(null=True, verbose_name="cancelled or marked at")),
                ("status_reason", models.CharField(blank=True, max_length=300)),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="diary_bookings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "booked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="bookings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="appointments.appointmenttype",
                    ),
                ),
            ],
            options={
                "ordering": ["during"],
            },
        ),
        migrations.CreateModel(
            name="BookingNeeds",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=1000, verbose_name="access needs")),
                (
                    "booking",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="needs", to="appointments.booking"
                    ),
                ),
            ],
            options={
                "verbose_name": "access needs for an appointment",
                "verbose_name_plural": "access needs for an appointment",
            },
        ),
        migrations.CreateModel(
            name="BookingNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("text", models.TextField(max_length=5000)),
                ("next_step", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="appointments.booking"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("fingerprint", models.CharField(max_length=64)),
                ("booking_public_id", models.CharField(max_length=12)),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Location",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                ("building", models.CharField(blank=True, max_length=120)),
                (
                    "mode",
                    models.CharField(
                        choices=[("in_person", "In person"), ("online", "Online"), ("telephone", "Telephone")],
                        default="in_person",
                        max_length=20,
                        verbose_name="how people meet there",
                    ),
                ),
                (
                    "confidentiality",
                    models.CharField(
                        choices=[
                            ("confidential", "Confidential"),
                            ("may_not_be", "May not be confidential"),
                            ("not_confidential", "Not confidential"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "confidentiality_note",
                    models.CharField(
                        help_text="As students read it before they book: “Private room: what you say stays between …”.",
                        max_length=300,
                    ),
                ),
                (
                    "exclusive",
                    models.BooleanField(
                        default=True,
                        help_text="A room or desk. Not ticked for online and telephone.",
                        verbose_name="one meeting at a time",
                    ),
                ),
                ("directions", models.CharField(blank=True, max_length=300)),
                ("is_open", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "ordering": ["mode", "name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["in_person", "online", "telephone"])),
                        name="location_mode_is_known",
                        violation_error_code="location_mode",
                        violation_error_message="Choose the mode from the list.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confidentiality__in", ["confidential", "may_not_be", "not_confidential"])),
                        name="location_confidentiality_is_known",
                        violation_error_code="location_confidentiality",
                        violation_error_message="Choose the confidentiality from the list.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DiaryTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ]
                    ),
                ),
                ("starts", models.TimeField(verbose_name="from")),
                ("ends", models.TimeField(verbose_name="to")),
                ("published_until", models.DateField(blank=True, editable=False, null=True)),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="diary_templates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "types",
                    models.ManyToManyField(
                        related_name="diary_templates",
                        to="appointments.appointmenttype",
                        verbose_name="appointment types",
                    ),
                ),
                ("locations", models.ManyToManyField(related_name="diary_templates", to="appointments.location")),
            ],
            options={
                "ordering": ["weekday", "starts"],
            },
        ),
        migrations.CreateModel(
            name="DiaryBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("local_date", models.DateField()),
                ("release_at", models.DateTimeField(blank=True, null=True, verbose_name="bookable from")),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="diary_blocks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "types",
                    models.ManyToManyField(
                        related_name="diary_blocks", to="appointments.appointmenttype", verbose_name="appointment types"
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="blocks",
                        to="appointments.diarytemplate",
                    ),
                ),
                ("locations", models.ManyToManyField(related_name="diary_blocks", to="appointments.location")),
            ],
            options={
                "ordering": ["during"],
            },
        ),
        migrations.AddField(
            model_name="booking",
            name="location",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="appointments.location"
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="room",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="appointments.location"
            ),
        ),
        migrations.CreateModel(
            name="TimeOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("reason", models.CharField(blank=True, help_text="Only careers staff see this.", max_length=120)),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="time_out",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "time out",
                "ordering": ["during"],
            },
        ),
        migrations.AddConstraint(
            model_name="appointmenttype",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gte", 5), ("minutes__lte", 480)),
                name="appointment_lasts_from_5_minutes_to_8_hours",
                violation_error_code="type_minutes",
                violation_error_message="An appointment must last from 5 minutes to 8 hours.",
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
                violation_error_message="Enter the release time with either the working days it opens or the weekday on which it opens. Or leave all three empty.",
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
            model_name="bookingneeds",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="booking_needs_say_something",
                violation_error_code="access_needs_empty",
                violation_error_message="Enter the access needs.",
            ),
        ),
        migrations.AddConstraint(
            model_name="idempotencykey",
            constraint=models.UniqueConstraint(
                fields=("user", "key"),
                name="request_is_answered_once",
                violation_error_code="request_repeated",
                violation_error_message="This request is already being answered.",
            ),
        ),
        migrations.AddConstraint(
            model_name="diarytemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gt", models.F("starts"))),
                name="template_ends_after_it_starts",
                violation_error_code="template_times",
                violation_error_message="The end must be later than the start.",
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
        migrations.AddIndex(
            model_name="diaryblock",
            index=models.Index(fields=["local_date", "adviser"], name="block_by_day"),
        ),
        migrations.AddConstraint(
            model_name="diaryblock",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("adviser", "="), ("during", "&&")],
                name="diary_blocks_of_an_adviser_do_not_overlap",
                violation_error_code="block_overlaps",
                violation_error_message="Availability is already published for part of this time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="diaryblock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("during__isempty", False), ("during__lower_inf", False), ("during__upper_inf", False)
                ),
                name="diary_block_has_a_start_and_an_end",
                violation_error_code="block_empty",
                violation_error_message="The end must be later than the start.",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["adviser", "local_date"], name="booking_by_adviser_and_day"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("status__in", ["held", "booked", "arrived"])),
                fields=["local_date"],
                name="booking_ahead_by_day",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                models.F("student"),
                models.OrderBy(models.Func(models.F("during"), function="lower"), descending=True),
                name="booking_by_student",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("status__in", ["held", "booked", "arrived"])),
                expressions=[("adviser", "="), ("occupies", "&&"), ("session", "<>")],
                name="booking_adviser_has_one_session",
                violation_error_code="time_taken",
                violation_error_message="Somebody else has just booked this time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("room__isnull", False), ("status__in", ["held", "booked", "arrived"])),
                expressions=[("room", "="), ("occupies", "&&"), ("session", "<>")],
                name="booking_room_has_one_session",
                violation_error_code="time_taken",
                violation_error_message="Somebody else has just booked this time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("status__in", ["held", "booked", "arrived"])),
                expressions=[("student", "="), ("during", "&&")],
                name="booking_student_is_in_one_place",
                violation_error_code="student_busy",
                violation_error_message="There is already an appointment for this student at that time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["held", "booked", "arrived"])),
                fields=("session", "seat"),
                name="booking_seat_is_taken_once",
                violation_error_code="time_taken",
                violation_error_message="Somebody else has just booked this time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("during__isempty", False), ("occupies__contains", models.F("during"))),
                name="booking_occupies_its_time",
                violation_error_code="booking_times",
                violation_error_message="The end must be later than the start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("consumes", True), models.Q(("override_reason", ""), _negated=True), _connector="OR"
                ),
                name="booking_that_does_not_count_says_why",
                violation_error_code="override_reason",
                violation_error_message="Enter why this booking does not count.",
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
                violation_error_message="The seat must be 1 or more.",
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
        migrations.AddIndex(
            model_name="timeout",
            index=django.contrib.postgres.indexes.GistIndex(fields=["adviser", "during"], name="time_out_by_adviser"),
        ),
        migrations.AddConstraint(
            model_name="timeout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("during__isempty", False), ("during__lower_inf", False), ("during__upper_inf", False)
                ),
                name="time_out_has_a_start_and_an_end",
                violation_error_code="time_out_empty",
                violation_error_message="The end must be later than the start.",
            ),
        ),
    ]
