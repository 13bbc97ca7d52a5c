from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0051_data_checks"),
        ("security", "0003_a_forgotten_persons_log_goes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="casereport",
            constraint=models.CheckConstraint(
                condition=models.Q(("to__in", ["it_services", "governance", "school"])),
                name="case_report_to_is_known",
                violation_error_code="case_report_to",
                violation_error_message="Choose to whom the report goes.",
            ),
        ),
        migrations.AddConstraint(
            model_name="databreach",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision__in", ["", "notified", "not_needed"])),
                name="breach_decision_is_known",
                violation_error_code="breach_decision",
                violation_error_message="Choose the decision from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["concurrent_devices", "many_devices", "reported"])),
                name="lead_kind_is_known",
                violation_error_code="lead_kind",
                violation_error_message="Choose the kind from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "dismissed", "case"])),
                name="lead_state_is_known",
                violation_error_code="lead_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["it_suspended", "disciplinary", "no_further_action"])),
                name="outcome_kind_is_known",
                violation_error_code="outcome_kind",
                violation_error_message="Choose the kind from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitycase",
            constraint=models.CheckConstraint(
                condition=models.Q(("treated_as__in", ["student", "graduate", "colleague"])),
                name="case_treated_as_is_known",
                violation_error_code="case_treated_as",
                violation_error_message="Choose as whom the person is treated.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitycase",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "investigating", "closed"])),
                name="case_state_is_known",
                violation_error_code="case_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitycase",
            constraint=models.CheckConstraint(
                condition=models.Q(("ending__in", ["", "reinstated", "terminated", "outcomes", "no_breach"])),
                name="case_ending_is_known",
                violation_error_code="case_ending",
                violation_error_message="Choose the ending from the list.",
            ),
        ),
    ]
