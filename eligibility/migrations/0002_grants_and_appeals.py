import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def link_uses(apps, schema_editor):
    """Links the uses that only a grant allowed, so that the same grant does not allow another one.

    Takes uses in the order in which they were made: those within the days of the grant for which the allocation was used
    up already. Uses that staff booked over the limit are linked too, because nothing tells them apart.
    """
    Grant, AllocationUse = apps.get_model("eligibility", "Grant"), apps.get_model("eligibility", "AllocationUse")
    for grant in Grant.objects.select_related("policy").order_by("expires_on", "pk").iterator():
        mine = AllocationUse.objects.filter(student=grant.student_id, policy=grant.policy, consumes=True, grant=None)
        others = list(mine.order_by("pk"))
        ordinal = 0
        for use in list(others):
            within = grant.starts_on <= use.on <= grant.expires_on
            if ordinal < grant.extra and within and _is_beyond(use, others, grant.policy):
                ordinal += 1
                use.grant, use.grant_ordinal = grant, ordinal
                use.save(update_fields=["grant", "grant_ordinal"])
                others.remove(use)


def _is_beyond(use, others, policy):
    """Was the allocation used up by earlier uses of the same period?"""
    days = policy.rolling_days or 1
    if policy.period == "rolling_days":
        near = [each for each in others if abs((each.on - use.on).days) < days]
    else:
        near = [each for each in others if each.period_key == use.period_key]
    return sum(each.pk < use.pk for each in near) >= policy.limit


class Migration(migrations.Migration):
    dependencies = [
        ("eligibility", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="allocationuse",
            name="grant",
            field=models.ForeignKey(
                blank=True,
                help_text="If it used an additional appointment instead of the allocation.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="uses",
                to="eligibility.grant",
            ),
        ),
        migrations.AddField(
            model_name="allocationuse",
            name="grant_ordinal",
            field=models.PositiveSmallIntegerField(blank=True, help_text="Which one of the grant.", null=True),
        ),
        migrations.AddField(
            model_name="hold",
            name="appeal_answered_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="hold",
            name="appealed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="appealed against at"),
        ),
        migrations.AddConstraint(
            model_name="allocationuse",
            constraint=models.UniqueConstraint(
                fields=("grant", "grant_ordinal"),
                name="granted_appointment_is_used_once",
                violation_error_code="allocation_used",
                violation_error_message="Another booking has just used your additional appointment.",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationuse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("grant__isnull", True), ("grant_ordinal__isnull", True)),
                    models.Q(("grant__isnull", False), ("grant_ordinal__gte", 1), ("grant_ordinal__isnull", False)),
                    _connector="OR",
                ),
                name="use_of_a_grant_says_which",
                violation_error_code="grant_ordinal",
                violation_error_message="Enter which of the granted appointments it uses.",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("appeal_answered_at__isnull", True), ("appealed_at__isnull", False), _connector="OR"
                ),
                name="hold_appeal_answered_was_made",
                violation_error_code="appeal_times",
                violation_error_message="Only an appeal that was made can be answered.",
            ),
        ),
        migrations.RunPython(link_uses, migrations.RunPython.noop),
    ]
