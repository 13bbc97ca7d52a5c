import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0051_data_checks"),
        ("security", "0003_a_forgotten_persons_log_goes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="casereport",
            name="report_sent_says_where_and_what",
        ),
        migrations.RemoveConstraint(
            model_name="securitycase",
            name="closed_case_says_how_it_ended",
        ),
        migrations.AlterField(
            model_name="caseentry",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="casereport",
            name="sent_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="databreach",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="databreach",
            name="marked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="judged_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="reported_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="outcome",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="securitycase",
            name="closed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="securitycase",
            name="opened_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="securitycase",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="securitycase",
            name="termination_confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="securitycase",
            name="termination_proposed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="casereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("message", ""), ("sent_at__isnull", True), ("sent_by__isnull", True)),
                    models.Q(
                        ("sent_at__isnull", False),
                        ("sent_by__isnull", False),
                        models.Q(("address", ""), _negated=True),
                        models.Q(("text", ""), _negated=True),
                        models.Q(("message", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="report_sent_says_where_and_what",
                violation_error_code="report_incomplete",
                violation_error_message="A report needs an address and a text before it is sent.",
            ),
        ),
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
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("decision", "")),
                    models.Q(
                        models.Q(("decision", ""), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="breach_decided_says_when_and_by_whom",
                violation_error_code="breach_decided",
                violation_error_message="Say who decided about the notification, and when.",
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
                condition=models.Q(("judged_by__isnull", True), ("judged_at__isnull", False), _connector="OR"),
                name="lead_judged_by_somebody_says_when",
                violation_error_code="lead_judged",
                violation_error_message="A judged lead says when it was judged.",
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
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        ("state", "closed"),
                        models.Q(("ending", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state", "closed"), _negated=True),
                        ("closed_at__isnull", True),
                        ("closed_by__isnull", True),
                        ("ending", ""),
                    ),
                    _connector="OR",
                ),
                name="closed_case_says_how_it_ended",
                violation_error_code="case_ending",
                violation_error_message="A closed case says when and how it ended, and who closed it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitycase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("termination_proposed_at__isnull", True),
                        ("termination_proposed_by__isnull", True),
                        ("termination_reason", ""),
                    ),
                    models.Q(
                        ("termination_proposed_at__isnull", False),
                        ("termination_proposed_by__isnull", False),
                        models.Q(("termination_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="termination_proposed_says_when_and_why",
                violation_error_code="termination_incomplete",
                violation_error_message="Say who proposes the termination, when and why.",
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
