import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import foundation.values.public_ids

LOG_IS_APPEND_ONLY = """
CREATE FUNCTION security_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('careerconnect.forgetting', true) = 'on' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'the log of a case is append only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER security_log_is_append_only BEFORE UPDATE OR DELETE ON security_caseentry
    FOR EACH ROW EXECUTE FUNCTION security_log_is_append_only();
"""
LOG_MAY_CHANGE = """
DROP TRIGGER security_log_is_append_only ON security_caseentry;
DROP FUNCTION security_log_is_append_only();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Lead",
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
                            ("concurrent_devices", "Signed in on distant devices at once"),
                            ("many_devices", "Many devices in a short time"),
                            ("reported", "Reported by somebody"),
                        ],
                        max_length=20,
                    ),
                ),
                ("evidence", models.JSONField(default=dict)),
                ("times_seen", models.PositiveIntegerField(default=1)),
                ("opened_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("happened", models.TextField(blank=True, max_length=4000, verbose_name="what happened")),
                ("whose", models.CharField(blank=True, max_length=200, verbose_name="whose account")),
                ("noticed", models.CharField(blank=True, max_length=200, verbose_name="when")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To review"), ("dismissed", "Dismissed"), ("case", "Became a case")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("judged_at", models.DateTimeField(null=True)),
                ("judged_because", models.TextField(blank=True, max_length=2000)),
                (
                    "judged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-last_seen_at"],
            },
        ),
        migrations.CreateModel(
            name="SecurityCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "treated_as",
                    models.CharField(
                        choices=[("student", "Student"), ("graduate", "Graduate"), ("colleague", "Colleague")],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("investigating", "Being investigated"), ("closed", "Closed")],
                        default="open",
                        max_length=14,
                    ),
                ),
                ("summary", models.TextField(max_length=4000, verbose_name="what is suspected")),
                ("opened_at", models.DateTimeField()),
                ("termination_proposed_at", models.DateTimeField(null=True)),
                ("termination_reason", models.TextField(blank=True, max_length=2000)),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reinstated", "Account reinstated"),
                            ("terminated", "Account terminated"),
                            ("outcomes", "Ended with the outcomes recorded"),
                            ("no_breach", "No breach found"),
                        ],
                        max_length=12,
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lead",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="case", to="security.lead"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "termination_confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "termination_proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at"],
            },
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("it_suspended", "IT account suspended"),
                            ("disciplinary", "Disciplinary action"),
                            ("no_further_action", "No further action"),
                        ],
                        max_length=20,
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                ("told_by", models.CharField(max_length=200, verbose_name="who told us")),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outcomes", to="security.securitycase"
                    ),
                ),
            ],
            options={
                "ordering": ["on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="DataBreach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("known_at", models.DateTimeField(verbose_name="when it became known")),
                ("marked_at", models.DateTimeField()),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("notified", "The ICO was notified"), ("not_needed", "No notification is needed")],
                        max_length=12,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("notified_at", models.DateTimeField(null=True)),
                ("reference", models.CharField(blank=True, max_length=80, verbose_name="the ICO’s reference")),
                (
                    "because",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="why it is not needed, or why it was late"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "marked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="breach", to="security.securitycase"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "data breaches",
            },
        ),
        migrations.CreateModel(
            name="CaseReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "to",
                    models.CharField(
                        choices=[
                            ("it_services", "IT Services"),
                            ("governance", "Information Governance Office"),
                            ("school", "School"),
                        ],
                        max_length=12,
                    ),
                ),
                ("address", models.EmailField(blank=True, max_length=254)),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField(max_length=10000)),
                ("sent_at", models.DateTimeField(null=True)),
                ("message", models.CharField(blank=True, max_length=12)),
                (
                    "school",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.school"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="security.securitycase"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CaseEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("what", models.CharField(max_length=40)),
                ("words", models.TextField(blank=True, max_length=4000)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="security.securitycase"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "case entries",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["state", "-last_seen_at"], name="lead_by_state"),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open"), models.Q(("kind", "reported"), _negated=True)),
                fields=("person", "kind"),
                name="lead_is_open_once_for_a_person_and_kind",
                violation_error_code="lead_is_open",
                violation_error_message="There is already an open lead of this kind about this person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "reported"), ("person__isnull", False), _connector="OR"),
                name="lead_from_signs_is_about_somebody",
                violation_error_code="lead_about_nobody",
                violation_error_message="A lead must name a person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("judged_at__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("judged_at__isnull", False)),
                    _connector="OR",
                ),
                name="lead_judged_says_when",
                violation_error_code="lead_judged",
                violation_error_message="A judged lead must say when it was judged.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "dismissed"), _negated=True),
                    models.Q(("judged_because", ""), _negated=True),
                    _connector="OR",
                ),
                name="lead_dismissed_says_why",
                violation_error_code="reason_needed",
                violation_error_message="Enter why you are dismissing the lead.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("judged_by__isnull", True), ("judged_at__isnull", False), _connector="OR"),
                name="lead_judged_by_somebody_says_when",
                violation_error_code="lead_judged",
                violation_error_message="A judged lead must say when it was judged.",
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
            model_name="securitycase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=("person",),
                name="person_has_one_case_at_a_time",
                violation_error_code="case_is_open",
                violation_error_message="There is already an open case about this person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitycase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("termination_confirmed_by__isnull", True),
                    models.Q(
                        ("termination_proposed_by__isnull", False),
                        models.Q(("termination_confirmed_by", models.F("termination_proposed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="termination_takes_two_people",
                violation_error_code="second_person_needed",
                violation_error_message="You proposed this termination, so someone else must confirm it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitycase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ending", "terminated"), _negated=True),
                    ("termination_confirmed_by__isnull", False),
                    _connector="OR",
                ),
                name="termination_was_confirmed",
                violation_error_code="second_person_needed",
                violation_error_message="A second person must confirm a termination.",
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
                violation_error_message="A closed case must say when and how it ended, and who closed it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitycase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("treated_as", "graduate"),
                    models.Q(("ending__in", ["reinstated", "terminated"]), _negated=True),
                    _connector="OR",
                ),
                name="only_graduates_are_suspended_here",
                violation_error_code="not_suspended",
                violation_error_message="You can only suspend, reinstate or terminate a graduate’s account here.",
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
                violation_error_message="Enter who proposes the termination, when and why.",
            ),
        ),
        migrations.AddConstraint(
            model_name="securitycase",
            constraint=models.CheckConstraint(
                condition=models.Q(("treated_as__in", ["student", "graduate", "colleague"])),
                name="case_treated_as_is_known",
                violation_error_code="case_treated_as",
                violation_error_message="Choose how to treat the person.",
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
            model_name="databreach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", ""), ("notified_at__isnull", True)),
                    models.Q(
                        ("decision", "notified"),
                        ("notified_at__isnull", False),
                        models.Q(("reference", ""), _negated=True),
                    ),
                    models.Q(
                        ("decision", "not_needed"),
                        ("notified_at__isnull", True),
                        models.Q(("because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="breach_decision_is_complete",
                violation_error_code="breach_incomplete",
                violation_error_message="Enter when the ICO was notified and its reference, or why it was not.",
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
                violation_error_message="Enter who decided about the notification, and when.",
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
            model_name="casereport",
            constraint=models.UniqueConstraint(
                fields=("case", "to", "school"),
                name="case_reports_once_to_each",
                nulls_distinct=False,
                violation_error_code="report_twice",
                violation_error_message="This report exists already.",
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
                violation_error_message="Choose who receives the report.",
            ),
        ),
        migrations.AddIndex(
            model_name="caseentry",
            index=models.Index(fields=["case", "-at"], name="entry_by_case"),
        ),
        migrations.RunSQL(LOG_IS_APPEND_ONLY, LOG_MAY_CHANGE),
    ]
