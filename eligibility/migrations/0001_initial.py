import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import eligibility.models.hold
import foundation.values.public_ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Audience",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "name",
                    models.CharField(
                        help_text="As students read it after “for”: “undergraduates and …”.", max_length=160
                    ),
                ),
                ("rule", models.JSONField(blank=True, default=dict)),
                ("coming", models.JSONField(blank=True, default=list, editable=False)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "name",
                    models.CharField(
                        help_text="As students read it after “members of”: “the Aspire programme”.", max_length=120
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="AcademicPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("semester", "semester"),
                            ("term", "teaching term"),
                            ("reading_week", "reading week"),
                            ("exams", "exams"),
                            ("closure", "closed (bank holiday or closure)"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                "ordering": ["during"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("kind", "="), ("during", "&&")],
                        name="academic_periods_of_a_kind_do_not_overlap",
                        violation_error_code="period_overlaps",
                        violation_error_message="Another period of this kind covers some of these days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("during__isempty", False), ("during__lower_inf", False), ("during__upper_inf", False)
                        ),
                        name="academic_period_has_a_first_and_a_last_day",
                        violation_error_code="period_empty",
                        violation_error_message="A period needs a first day and a later last day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["semester", "term", "reading_week", "exams", "closure"])),
                        name="academic_period_kind_is_known",
                        violation_error_code="academic_period_kind",
                        violation_error_message="Choose the kind from the list.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("completion", "completed or not"),
                            ("score", "a score from 0 to 100"),
                            ("attendance", "times attended"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "highest_score",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="The scale: scores run from 0 to this. For scores only.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                ("link", models.URLField(blank=True, help_text="Where students do it.")),
                (
                    "shown_to_students",
                    models.BooleanField(
                        default=True,
                        help_text="On their home page. Careers staff and administrators always see it.",
                        verbose_name="students see their result",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "activities",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("highest_score__gte", 1), ("highest_score__lte", 100)),
                        name="highest_score_of_an_activity_is_1_to_100",
                        violation_error_code="scale_range",
                        violation_error_message="The highest score must be from 1 to 100.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["completion", "score", "attendance"])),
                        name="activity_kind_is_known",
                        violation_error_code="activity_kind",
                        violation_error_message="Choose the kind from the list.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AllocationPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                (
                    "name",
                    models.CharField(
                        help_text="What is counted, as students read it: “Careers guidance”.", max_length=120
                    ),
                ),
                ("limit", models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)])),
                (
                    "period",
                    models.CharField(
                        choices=[
                            ("week", "a week (Monday to Sunday)"),
                            ("month", "a calendar month"),
                            ("semester", "a semester"),
                            ("academic_year", "an academic year"),
                            ("rolling_days", "any run of so many days"),
                            ("at_one_time", "at one time"),
                            ("ever", "ever"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "rolling_days",
                    models.PositiveSmallIntegerField(blank=True, help_text="Only for “any run of days”.", null=True),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        blank=True,
                        help_text="Only for these students; empty: for all.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="eligibility.audience",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "allocation policies",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="AudienceRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.JSONField(blank=True, default=dict)),
                ("effective_from", models.DateField()),
                ("set_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="eligibility.audience"
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["effective_from"],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("extra", models.PositiveSmallIntegerField(default=1)),
                ("starts_on", models.DateField()),
                ("expires_on", models.DateField(help_text="The last day of an appointment that may use it.")),
                ("reason", models.CharField(max_length=300)),
                ("granted_at", models.DateTimeField(auto_now_add=True)),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="eligibility.allocationpolicy",
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="eligibility.group"
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="group_memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "member of a group",
                "verbose_name_plural": "members of groups",
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("reason", models.CharField(help_text="For staff.", max_length=300)),
                ("message", models.CharField(help_text="As the student reads it.", max_length=300)),
                ("decided_at", models.DateTimeField(auto_now_add=True)),
                (
                    "covers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("appointments", "booking appointments"), ("events", "registering for events")],
                            max_length=20,
                        ),
                        default=eligibility.models.hold.appointments,
                        size=None,
                    ),
                ),
                (
                    "keeps_bookings",
                    models.BooleanField(default=True, help_text="Appointments booked before it still take place."),
                ),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_because", models.CharField(blank=True, max_length=300)),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="holds", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-decided_at"],
            },
        ),
        migrations.CreateModel(
            name="Strike",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("appointment", "appointment"),
                            ("event", "employer event"),
                            ("other", "other session"),
                        ],
                        default="appointment",
                        max_length=20,
                    ),
                ),
                (
                    "source_kind",
                    models.CharField(
                        choices=[
                            ("booking", "a booking"),
                            ("query", "a query"),
                            ("absence", "an absence recorded by hand, which has no row of its own"),
                        ],
                        default="booking",
                        max_length=12,
                    ),
                ),
                ("source_id", models.CharField(max_length=12, unique=True)),
                ("about", models.CharField(blank=True, max_length=200)),
                ("on", models.DateField()),
                ("placed_at", models.DateTimeField(auto_now_add=True)),
                ("excused_at", models.DateTimeField(blank=True, null=True)),
                ("excused_because", models.CharField(blank=True, max_length=300)),
                (
                    "excused_by",
                    models.ForeignKey(
                        blank=True,
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
                        related_name="strikes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-on"],
            },
        ),
        migrations.CreateModel(
            name="StrikeReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("appointment", "appointment"),
                            ("event", "employer event"),
                            ("other", "other session"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "step",
                    models.CharField(choices=[("review", "to look at"), ("hold", "hold proposed")], max_length=10),
                ),
                ("strikes", models.PositiveSmallIntegerField(help_text="How many counted when it came to this step.")),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_action", "no action"),
                            ("contacted", "contacted"),
                            ("held", "put on hold"),
                            ("lapsed", "no longer needed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=500)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hold",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="review",
                        to="eligibility.hold",
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="strike_reviews",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at"],
            },
        ),
        migrations.CreateModel(
            name="ActivityResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("completed_on", models.DateField(blank=True, null=True)),
                ("score", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("count", models.PositiveSmallIntegerField(default=0)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="results", to="eligibility.activity"
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="activity_results",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("student", "activity"),
                        name="student_has_one_standing_in_an_activity",
                        violation_error_code="result_twice",
                        violation_error_message="This student already has a result for that activity.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__isnull", True), ("score__lte", 100), _connector="OR"),
                        name="activity_score_is_at_most_100",
                        violation_error_code="score_range",
                        violation_error_message="A score must be from 0 to 100.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AllocationUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source_kind",
                    models.CharField(
                        choices=[
                            ("booking", "a booking"),
                            ("query", "a query"),
                            ("absence", "an absence recorded by hand, which has no row of its own"),
                        ],
                        default="booking",
                        max_length=12,
                    ),
                ),
                ("source_id", models.CharField(max_length=12)),
                (
                    "on",
                    models.DateField(help_text="The local date of the appointment; its period is that of this day."),
                ),
                ("ends_at", models.DateTimeField()),
                ("period_key", models.CharField(blank=True, max_length=40)),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("consumes", models.BooleanField(default=True)),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="eligibility.allocationpolicy",
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="allocation_uses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["source_id"], name="use_by_source")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("policy", "source_kind", "source_id"),
                        name="booking_counts_once_against_a_policy",
                        violation_error_code="counted_twice",
                        violation_error_message="This booking is already counted.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("consumes", True), models.Q(("period_key", ""), _negated=True)),
                        fields=("student", "policy", "period_key", "ordinal"),
                        name="allocation_is_used_one_by_one",
                        violation_error_code="allocation_used",
                        violation_error_message="Another booking has just used your last appointment.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source_kind__in", ["booking", "query", "absence"])),
                        name="allocation_use_source_kind_is_known",
                        violation_error_code="allocation_use_source_kind",
                        violation_error_message="Choose the source kind from the list.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="allocationpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("period", "rolling_days"), ("rolling_days__gte", 1), ("rolling_days__isnull", False)),
                    models.Q(models.Q(("period", "rolling_days"), _negated=True), ("rolling_days__isnull", True)),
                    _connector="OR",
                ),
                name="rolling_policy_has_its_days",
                violation_error_code="rolling_days",
                violation_error_message="Enter the number of days only for “any run of so many days”.",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("limit__gte", 1)),
                name="allocation_is_at_least_one",
                violation_error_code="limit_zero",
                violation_error_message="An allocation must be 1 or more. To offer none, stop offering the type.",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "period__in",
                        ["week", "month", "semester", "academic_year", "rolling_days", "at_one_time", "ever"],
                    )
                ),
                name="allocation_policy_period_is_known",
                violation_error_code="allocation_policy_period",
                violation_error_message="Choose the period from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="audiencerule",
            constraint=models.UniqueConstraint(
                fields=("audience", "effective_from"),
                name="one_rule_of_an_audience_begins_on_a_day",
                violation_error_code="rule_day_taken",
                violation_error_message="Another rule for this audience starts on that day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="grant_has_its_reason",
                violation_error_code="grant_reason",
                violation_error_message="Enter why you are granting it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("extra__gte", 1)),
                name="grant_is_at_least_one",
                violation_error_code="grant_zero",
                violation_error_message="A grant must be 1 appointment or more.",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_on__gte", models.F("starts_on"))),
                name="grant_ends_after_it_starts",
                violation_error_code="grant_dates",
                violation_error_message="A grant cannot expire before it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.UniqueConstraint(
                fields=("group", "student"),
                name="student_is_listed_once_in_a_group",
                violation_error_code="member_twice",
                violation_error_message="This student is in the group already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("during__isempty", False), ("during__lower_inf", False), ("during__upper_inf", False)
                ),
                name="hold_has_a_beginning_and_an_end",
                violation_error_code="hold_dates",
                violation_error_message="A hold needs its first day and its end.",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("reason", ""), _negated=True), models.Q(("message", ""), _negated=True)),
                name="hold_says_why",
                violation_error_code="hold_reason",
                violation_error_message="A hold needs a reason and a message to the student.",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("covers__len__gte", 1)),
                name="hold_covers_something",
                violation_error_code="hold_covers",
                violation_error_message="Choose what the hold covers.",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at__isnull", True), ("lifted_because", ""), ("lifted_by__isnull", True)),
                    models.Q(
                        ("lifted_at__isnull", False),
                        ("lifted_by__isnull", False),
                        models.Q(("lifted_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="hold_is_lifted_by_somebody_for_a_reason",
                violation_error_code="lift_incomplete",
                violation_error_message="Enter why you are lifting the hold.",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("covers__contained_by", ["appointments", "events"])),
                name="hold_covers_are_known",
                violation_error_code="hold_covers",
                violation_error_message="Choose what the hold covers.",
            ),
        ),
        migrations.AddConstraint(
            model_name="strike",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("excused_at__isnull", True), ("excused_because", ""), ("excused_by__isnull", True)),
                    models.Q(
                        ("excused_at__isnull", False),
                        ("excused_by__isnull", False),
                        models.Q(("excused_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="strike_is_excused_by_somebody_for_a_reason",
                violation_error_code="excuse_incomplete",
                violation_error_message="An excused absence must say who excused it and why.",
            ),
        ),
        migrations.AddConstraint(
            model_name="strike",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["appointment", "event", "other"])),
                name="strike_kind_is_known",
                violation_error_code="strike_kind",
                violation_error_message="Choose the kind from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="strike",
            constraint=models.CheckConstraint(
                condition=models.Q(("source_kind__in", ["booking", "query", "absence"])),
                name="strike_source_kind_is_known",
                violation_error_code="strike_source_kind",
                violation_error_message="Choose the source kind from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="strikereview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("student", "kind"),
                name="student_has_one_open_review_of_a_kind",
                violation_error_code="review_open",
                violation_error_message="A review of this student's absences is open already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="strikereview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_by__isnull", True), ("outcome", "")),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", True), ("outcome", "lapsed")),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        ("outcome__in", ["no_action", "contacted", "held"]),
                        models.Q(("words", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="review_is_closed_by_somebody_with_words",
                violation_error_code="review_incomplete",
                violation_error_message="Enter the decision and the reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="strikereview",
            constraint=models.CheckConstraint(
                condition=models.Q(("hold__isnull", True), ("outcome", "held"), _connector="OR"),
                name="review_with_a_hold_says_so",
                violation_error_code="review_hold",
                violation_error_message="Only a review that led to a hold can name a hold.",
            ),
        ),
        migrations.AddConstraint(
            model_name="strikereview",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["appointment", "event", "other"])),
                name="strike_review_kind_is_known",
                violation_error_code="strike_review_kind",
                violation_error_message="Choose the kind from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="strikereview",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__in", ["review", "hold"])),
                name="strike_review_step_is_known",
                violation_error_code="strike_review_step",
                violation_error_message="Choose the step from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="strikereview",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "no_action", "contacted", "held", "lapsed"])),
                name="strike_review_outcome_is_known",
                violation_error_code="strike_review_outcome",
                violation_error_message="Choose the outcome from the list.",
            ),
        ),
    ]
