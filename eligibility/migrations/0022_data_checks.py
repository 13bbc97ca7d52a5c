import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("eligibility", "0021_grant_has_its_reason"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="hold",
            name="hold_covers_something",
        ),
        migrations.RemoveConstraint(
            model_name="strike",
            name="strike_is_of_a_known_kind",
        ),
        migrations.AlterField(
            model_name="activityresult",
            name="student",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="activity_results",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="allocationuse",
            name="student",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="allocation_uses",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="audiencerule",
            name="set_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="grant",
            name="granted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="grant",
            name="student",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="grants", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="groupmember",
            name="student",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="group_memberships",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="hold",
            name="decided_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="hold",
            name="lifted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="hold",
            name="student",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="holds", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="strike",
            name="excused_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="strike",
            name="student",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="strikes", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="strikereview",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="strikereview",
            name="student",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="strike_reviews", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="academicperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["semester", "term", "reading_week", "exams", "closure"])),
                name="academic_period_kind_is_known",
                violation_error_code="academic_period_kind",
                violation_error_message="Choose the kind from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["completion", "score", "attendance"])),
                name="activity_kind_is_known",
                violation_error_code="activity_kind",
                violation_error_message="Choose the kind from the list.",
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
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("covers__len__gte", 1)),
                name="hold_covers_something",
                violation_error_code="hold_covers",
                violation_error_message="Say what the hold covers.",
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
                condition=models.Q(("kind__in", ["appointment", "event", "other"])),
                name="strike_kind_is_known",
                violation_error_code="strike_kind",
                violation_error_message="Choose the kind from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="strikereview",
            constraint=models.CheckConstraint(
                condition=models.Q(("hold__isnull", True), ("outcome", "held"), _connector="OR"),
                name="review_with_a_hold_says_so",
                violation_error_code="review_hold",
                violation_error_message="Only a review that led to a hold names one.",
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
