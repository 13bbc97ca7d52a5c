import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("eligibility", "0002_rolling_policy_says_its_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="highest_score",
            field=models.PositiveSmallIntegerField(
                default=100,
                help_text="The scale: scores run from 0 to this. For scores only.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100),
                ],
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="shown_to_students",
            field=models.BooleanField(
                default=True,
                help_text="On their home page. Careers staff and administrators see it in any case.",
                verbose_name="students see their result",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("highest_score__gte", 1), ("highest_score__lte", 100)),
                name="highest_score_of_an_activity_is_1_to_100",
                violation_error_code="scale_range",
                violation_error_message="The highest score lies between 1 and 100.",
            ),
        ),
    ]
