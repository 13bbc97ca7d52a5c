from datetime import date

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import foundation.values.public_ids

SHIPPED = {
    "strike_message_at": 1,
    "strike_message_hours": 2,
    "strike_review_at": 2,
    "strike_hold_at": 3,
    "strike_event_review_at": 1,
    "strike_event_hold_at": 2,
    "strike_other_review_at": 2,
    "strike_other_hold_at": 3,
    "strikes_counted_apart": True,
    "strike_window_days": 365,
    "strike_reset_day": "08-01",
}
"""The settings that the miss rules replace, with their defaults."""


def carry_settings_over(apps, schema_editor):
    """Writes the values of the former settings as miss rules, one entry for each day on which a value began.

    Not undone: the settings are gone.
    """
    settings = apps.get_model("accounts", "PolicySetting").objects.filter(key__in=SHIPPED)
    rows = list(settings.order_by("effective_from"))
    values = dict(SHIPPED)
    MissPolicy = apps.get_model("eligibility", "MissPolicy")
    for day in sorted({row.effective_from for row in rows}):
        begun = [row for row in rows if row.effective_from == day]
        values |= {row.key: row.value for row in begun if type(row.value) is type(SHIPPED[row.key])}
        notes = " ".join(dict.fromkeys(row.note for row in begun if row.note))[:300]
        MissPolicy.objects.create(value=as_rules(values), effective_from=day, note=notes, set_by=begun[-1].set_by)
    settings.delete()


def as_rules(values):
    apart = values["strikes_counted_apart"]
    thresholds = [("appointment", values["strike_review_at"], values["strike_hold_at"])]
    if apart:
        thresholds += [
            ("event", values["strike_event_review_at"], values["strike_event_hold_at"]),
            ("other", values["strike_other_review_at"], values["strike_other_hold_at"]),
        ]
    per, reset = {}, month_day(values["strike_reset_day"])
    if values["strike_window_days"]:
        per["days"] = values["strike_window_days"]
    if reset:
        per["since"] = reset
    return [
        {
            "slug": slug,
            **({"kinds": [slug]} if apart else {"noun": "appointment"}),
            "per": per or "ever",
            "wait_hours": values["strike_message_hours"],
            "steps": list(steps(values["strike_message_at"], review, hold)),
        }
        for slug, review, hold in thresholds
    ]


def steps(message, review, hold):
    """A review from the hold on would do less than the hold, so it is left out."""
    for number in sorted({message, *(at for at in (review, hold) if at <= hold)}):
        step = {"at": number}
        if number >= message:
            step["message"] = True
        if number >= hold:
            step["hold"] = {"days": 28}
        elif number >= review:
            step["review"] = True
        yield step


def month_day(text):
    """A day that every year has: 29 February counted as 1 March. Empty if the text was none, which meant never."""
    if text.strip() == "02-29":
        return "03-01"
    month, _, day = text.strip().partition("-")
    try:
        return f"{date(2023, int(month), int(day)):%m-%d}"
    except ValueError:
        return ""


def name_periods(apps, schema_editor):
    """Gives each period the slug under which files without slugs knew it: its kind and first day."""
    for period in apps.get_model("eligibility", "AcademicPeriod").objects.all():
        period.slug = f"{period.kind}-from-{period.during.lower}"
        period.save(update_fields=["slug"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_graduate_years_are_in_the_rules"),
        ("eligibility", "0002_grants_and_appeals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MissPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.JSONField(help_text="A list of miss rules.")),
                ("effective_from", models.DateField(unique=True)),
                ("set_at", models.DateTimeField(auto_now_add=True)),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="why")),
            ],
            options={
                "verbose_name": "miss rules",
                "verbose_name_plural": "miss rules",
                "ordering": ["-effective_from"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="allocationpolicy",
            name="allocation_policy_period_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="hold",
            name="hold_is_lifted_by_somebody_for_a_reason",
        ),
        migrations.RemoveConstraint(
            model_name="strikereview",
            name="student_has_one_open_review_of_a_kind",
        ),
        migrations.RemoveConstraint(
            model_name="strikereview",
            name="strike_review_kind_is_known",
        ),
        migrations.RenameField(model_name="strikereview", old_name="kind", new_name="rule"),
        migrations.AlterField(
            model_name="strikereview", name="rule", field=models.SlugField(db_index=False, max_length=60)
        ),
        migrations.AddField(
            model_name="academicperiod",
            name="slug",
            field=models.SlugField(default="", max_length=60, db_index=False),
        ),
        migrations.RunPython(name_periods, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="academicperiod",
            name="slug",
            field=models.SlugField(default=foundation.values.public_ids.new_public_id, max_length=60, unique=True),
        ),
        migrations.AddField(
            model_name="allocationpolicy",
            name="unit",
            field=models.CharField(
                choices=[("appointments", "appointments"), ("minutes", "minutes of appointments")],
                default="appointments",
                max_length=20,
                verbose_name="counts",
            ),
        ),
        migrations.AddField(
            model_name="allocationuse",
            name="minutes",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="How long it is, for policies that count minutes."
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="rule",
            field=models.SlugField(blank=True, db_index=False, max_length=60),
        ),
        migrations.AddField(
            model_name="hold",
            name="stays_open",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.SlugField(max_length=60), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="strike",
            name="how",
            field=models.CharField(
                choices=[
                    ("missed", "not coming"),
                    ("late", "arriving too late"),
                    ("cancelled_late", "cancelling or moving too late"),
                ],
                default="missed",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="strike",
            name="type",
            field=models.SlugField(blank=True, db_index=False, max_length=60),
        ),
        migrations.AlterField(
            model_name="allocationpolicy",
            name="period",
            field=models.CharField(
                choices=[
                    ("day", "a day"),
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
        migrations.AlterField(
            model_name="hold",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "period__in",
                        ["day", "week", "month", "semester", "academic_year", "rolling_days", "at_one_time", "ever"],
                    )
                ),
                name="allocation_policy_period_is_known",
                violation_error_code="allocation_policy_period",
                violation_error_message="Choose the period from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit__in", ["appointments", "minutes"])),
                name="allocation_policy_unit_is_known",
                violation_error_code="allocation_policy_unit",
                violation_error_message="Choose the unit from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at__isnull", True), ("lifted_because", ""), ("lifted_by__isnull", True)),
                    models.Q(
                        ("lifted_at__isnull", False),
                        models.Q(("lifted_by__isnull", False), models.Q(("rule", ""), _negated=True), _connector="OR"),
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
                condition=models.Q(
                    models.Q(("decided_by__isnull", False), ("rule", "")),
                    models.Q(("decided_by__isnull", True), models.Q(("rule", ""), _negated=True)),
                    _connector="OR",
                ),
                name="hold_is_decided_by_somebody_or_by_a_rule",
                violation_error_code="hold_decided",
                violation_error_message="A hold names who decided it, or the rule that placed it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="strike",
            constraint=models.CheckConstraint(
                condition=models.Q(("how__in", ["missed", "late", "cancelled_late"])),
                name="strike_how_is_known",
                violation_error_code="strike_how",
                violation_error_message="Choose the how from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="strikereview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("student", "rule"),
                name="student_has_one_open_review_of_a_kind",
                violation_error_code="review_open",
                violation_error_message="A review of this student's absences is open already.",
            ),
        ),
        migrations.AddField(
            model_name="misspolicy",
            name="set_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(carry_settings_over, migrations.RunPython.noop),
    ]
