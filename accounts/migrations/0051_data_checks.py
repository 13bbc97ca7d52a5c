import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0050_limits_and_printable_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessNeeds",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True, max_length=1000, verbose_name="access needs")),
                (
                    "declares_disability",
                    models.BooleanField(default=False, verbose_name="declares a disability or neurodiversity"),
                ),
            ],
            options={
                "verbose_name": "access needs",
                "verbose_name_plural": "access needs",
            },
        ),
        migrations.RemoveConstraint(
            model_name="user",
            name="person_has_known_roles",
        ),
        migrations.AlterField(
            model_name="apitoken",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="api_tokens", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="enrolment",
            name="student",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="enrolments", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="feedchange",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="feedrun",
            name="approved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="feedrun",
            name="started_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="policysetting",
            name="set_by",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.RESTRICT, to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="signin",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="sign_ins", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["undergraduate", "postgraduate_taught", "postgraduate_research"])),
                name="course_level_is_known",
                violation_error_code="course_level",
                violation_error_message="Choose the level from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["full_time", "part_time", "distance"])),
                name="course_mode_is_known",
                violation_error_code="course_mode",
                violation_error_message="Choose the mode from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["current", "completed", "interrupted", "withdrawn"])),
                name="course_status_is_known",
                violation_error_code="course_status",
                violation_error_message="Choose the status from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(("fee_status__in", ["home", "overseas"])),
                name="course_fee_status_is_known",
                violation_error_code="course_fee_status",
                violation_error_message="Choose the fee status from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["new", "changed", "leaver", "refused"])),
                name="feed_change_kind_is_known",
                violation_error_code="feed_change_kind",
                violation_error_message="Choose the kind from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["sent", "bad_rows"])),
                name="feed_file_kind_is_known",
                violation_error_code="feed_file_kind",
                violation_error_message="Choose the kind from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "applied"), _negated=True), ("applied_at__isnull", False), _connector="OR"
                ),
                name="feed_run_applied_says_when",
                violation_error_code="feed_applied",
                violation_error_message="An applied file says when it was applied.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["page", "command", "nightly"])),
                name="feed_run_source_is_known",
                violation_error_code="feed_run_source",
                violation_error_message="Choose the source from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["waiting", "checking", "checked", "approved", "applying", "applied", "refused", "cancelled"],
                    )
                ),
                name="feed_run_state_is_known",
                violation_error_code="feed_run_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "roles__contained_by",
                        [
                            "student",
                            "graduate",
                            "adviser",
                            "front_desk",
                            "careers_manager",
                            "wellbeing_lead",
                            "alumni_relations",
                            "information_governance",
                            "editor",
                            "administrator",
                        ],
                    )
                ),
                name="person_roles_are_known",
                violation_error_code="person_roles",
                violation_error_message="Choose the roles from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("standing__in", ["good", "suspended", "terminated"])),
                name="person_standing_is_known",
                violation_error_code="person_standing",
                violation_error_message="Choose the standing from the list.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="countedevent",
            name="counted_event_kind_is_known",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["password", "second_factor", "reset_letter", "unproven_letter", "query", "upload"])
                ),
                name="counted_event_kind_is_known",
                violation_error_code="counted_event_kind",
                violation_error_message="Choose the kind from the list.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="signin",
            name="sign_in_ending_is_known",
            constraint=models.CheckConstraint(
                condition=models.Q(("ending__in", ["", "signed_out", "replaced", "ended", "expired", "password"])),
                name="sign_in_ending_is_known",
                violation_error_code="sign_in_ending",
                violation_error_message="Choose the ending from the list.",
            ),
        ),
        migrations.AddField(
            model_name="accessneeds",
            name="person",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.RESTRICT, related_name="needs", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="accessneeds",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("text", ""), _negated=True), ("declares_disability", True), _connector="OR"
                ),
                name="access_needs_say_something",
                violation_error_code="access_needs_empty",
                violation_error_message="Enter your access needs, or say that you are disabled or neurodivergent.",
            ),
        ),
        # What people said so far moves along; nothing to do where nobody has said anything.
        migrations.RunSQL(
            "INSERT INTO accounts_accessneeds (person_id, text, declares_disability)"
            " SELECT id, access_needs, declares_disability FROM accounts_user"
            " WHERE access_needs <> '' OR declares_disability",
            "UPDATE accounts_user person SET access_needs = needs.text, declares_disability = needs.declares_disability"
            " FROM accounts_accessneeds needs WHERE needs.person_id = person.id",
        ),
        migrations.RemoveField(
            model_name="user",
            name="access_needs",
        ),
        migrations.RemoveField(
            model_name="user",
            name="declares_disability",
        ),
    ]
