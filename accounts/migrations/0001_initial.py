from typing import Any

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.core.management import call_command
from django.db import migrations, models

import foundation.values.person_names
import foundation.values.public_ids

TRAIL_REFUSES = """
CREATE FUNCTION accounts_trail_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is only ever added to: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER trail_refuses_change BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_trail_refuses();
CREATE TRIGGER trail_refuses_emptying BEFORE TRUNCATE ON accounts_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_trail_refuses();
CREATE TRIGGER seals_refuse_change BEFORE UPDATE OR DELETE ON accounts_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_trail_refuses();
CREATE TRIGGER seals_refuse_emptying BEFORE TRUNCATE ON accounts_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_trail_refuses();
"""
"""The trail and its seals cannot be changed, deleted or truncated. The tables' owner could drop the triggers; verifying the seals detects it."""

TRAIL_ALLOWS = """
DROP TRIGGER trail_refuses_change ON accounts_auditentry;
DROP TRIGGER trail_refuses_emptying ON accounts_auditentry;
DROP TRIGGER seals_refuse_change ON accounts_auditseal;
DROP TRIGGER seals_refuse_emptying ON accounts_auditseal;
DROP FUNCTION accounts_trail_refuses();
"""


def create_cache_table(apps: Any, schema_editor: Any) -> None:
    """The table of Django's database cache, which survives a flush of Redis."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),
        migrations.RunPython(create_cache_table, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9._/-]{1,40}\\Z",
                                "A programme code is made of letters, digits and . _ / - without spaces.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                ("has_placement_year", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="School",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True)),
                ("faculty", models.CharField(max_length=120)),
                (
                    "contact_email",
                    models.EmailField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Reports of a suspected breach.",
                        max_length=254,
                        verbose_name="where the School hears from us",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("university_id", models.CharField(blank=True, max_length=40, null=True, unique=True)),
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
                (
                    "personal_email",
                    models.EmailField(
                        blank=True,
                        db_default="",
                        editable=False,
                        help_text="Confirmed by a link; theirs when they leave.",
                        max_length=254,
                        verbose_name="personal email address",
                    ),
                ),
                (
                    "given_name",
                    models.CharField(max_length=80, validators=[foundation.values.person_names.validate_person_name]),
                ),
                (
                    "family_name",
                    models.CharField(
                        blank=True, max_length=80, validators=[foundation.values.person_names.validate_person_name]
                    ),
                ),
                (
                    "preferred_name",
                    models.CharField(
                        blank=True, max_length=80, validators=[foundation.values.person_names.validate_person_name]
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True, help_text="In E.164: +447700900123.", max_length=128, verbose_name="telephone"
                    ),
                ),
                (
                    "text_reminders",
                    models.BooleanField(db_default=True, default=True, verbose_name="reminders by text"),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("student", "student"),
                                ("graduate", "graduate"),
                                ("adviser", "adviser"),
                                ("front_desk", "front desk"),
                                ("careers_manager", "careers manager"),
                                ("wellbeing_lead", "wellbeing lead"),
                                ("alumni_relations", "alumni relations"),
                                ("information_governance", "information governance"),
                                ("editor", "editor"),
                                ("administrator", "administrator"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "set_by_person",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        db_default=[],
                        default=list,
                        help_text="Fields the person has set themselves: the student feed leaves them alone.",
                        size=None,
                    ),
                ),
                ("in_feed_since", models.DateField(blank=True, null=True, verbose_name="in the student feed since")),
                (
                    "left_feed_on",
                    models.DateField(blank=True, null=True, verbose_name="no longer in the student feed since"),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "account_status",
                    models.CharField(
                        choices=[
                            ("good", "in good standing"),
                            ("suspended", "suspended"),
                            ("terminated", "terminated"),
                        ],
                        db_default="good",
                        default="good",
                        editable=False,
                        max_length=12,
                    ),
                ),
                (
                    "was_active",
                    models.BooleanField(
                        db_default=True, default=True, editable=False, verbose_name="was active when suspended"
                    ),
                ),
                ("sign_in_epoch", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ("joined_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["roles"], name="person_roles"),
                    models.Index(models.F("family_name"), models.F("given_name"), name="person_by_name"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="person_has_their_own_email",
                        violation_error_code="email_taken",
                        violation_error_message="Another account already uses this email address.",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("personal_email"),
                        condition=models.Q(("personal_email", ""), _negated=True),
                        name="person_has_their_own_personal_email",
                        violation_error_code="email_taken",
                        violation_error_message="Another account already uses this email address.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("account_status", "good"), ("is_active", False), _connector="OR"),
                        name="person_suspended_is_not_active",
                        violation_error_code="account_stays_closed",
                        violation_error_message="You cannot reopen this account here.",
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(("account_status__in", ["good", "suspended", "terminated"])),
                        name="person_account_status_is_known",
                        violation_error_code="person_account_status",
                        violation_error_message="Choose the account status from the list.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "given_name__regex",
                                "[\\u0001-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u180E\\u200B\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB]|://",
                            ),
                            _negated=True,
                        ),
                        name="person_given_name_is_printable",
                        violation_error_code="name_unprintable",
                        violation_error_message="A name cannot have line breaks or invisible characters in it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "family_name__regex",
                                "[\\u0001-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u180E\\u200B\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB]|://",
                            ),
                            _negated=True,
                        ),
                        name="person_family_name_is_printable",
                        violation_error_code="name_unprintable",
                        violation_error_message="A name cannot have line breaks or invisible characters in it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "preferred_name__regex",
                                "[\\u0001-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u180E\\u200B\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB]|://",
                            ),
                            _negated=True,
                        ),
                        name="person_preferred_name_is_printable",
                        violation_error_code="name_unprintable",
                        violation_error_message="A name cannot have line breaks or invisible characters in it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True)),
                ("action", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=60)),
                ("subject_id", models.CharField(db_index=True, max_length=40)),
                ("details", models.JSONField(default=dict)),
                ("origin", models.CharField(blank=True, db_default="", max_length=10)),
                ("network", models.CharField(blank=True, db_default="", max_length=43)),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="who did it; nobody for the system itself",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="whose affairs it touches",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "audit trail",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField(unique=True)),
                ("count", models.PositiveIntegerField()),
                ("previous", models.CharField(max_length=64, unique=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["last_id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_id__gte", models.F("first_id"))),
                        name="seal_covers_something",
                        violation_error_code="seal_empty",
                        violation_error_message="A seal must cover at least one entry.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CountedEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("password", "a password that was tried"),
                            ("second_factor", "a code that was tried"),
                            ("reset_letter", "a link to choose a new password"),
                            ("unproven_letter", "an email to an address that nobody has confirmed"),
                            ("query", "a query that was sent"),
                            ("upload", "a file that was uploaded"),
                        ],
                        max_length=20,
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "indexes": [models.Index(fields=["key", "at"], name="counted_event_of_key")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["password", "second_factor", "reset_letter", "unproven_letter", "query", "upload"],
                            )
                        ),
                        name="counted_event_kind_is_known",
                        violation_error_code="counted_event_kind",
                        violation_error_message="Choose the kind from the list.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "uploaded"), ("command", "from the command line"), ("nightly", "nightly")],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting to be checked"),
                            ("checking", "being checked"),
                            ("checked", "checked, not applied"),
                            ("approved", "waiting to be applied"),
                            ("applying", "being applied"),
                            ("applied", "applied"),
                            ("refused", "refused"),
                            ("cancelled", "deleted"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("file_hash", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                ("file_size", models.PositiveIntegerField(verbose_name="bytes")),
                ("file_rows", models.PositiveIntegerField(default=0)),
                ("adds_programmes", models.BooleanField(default=True)),
                ("allows_large_change", models.BooleanField(default=False)),
                ("apply_when_checked", models.BooleanField(default=False)),
                ("is_large_change", models.BooleanField(default=False)),
                ("phase", models.CharField(blank=True, max_length=20)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("report", models.JSONField(default=dict)),
                ("problem", models.CharField(blank=True, max_length=500)),
                ("checked_at", models.DateTimeField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("files_deleted_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="FeedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("sent", "as it was sent"), ("bad_rows", "rows that were refused")], max_length=10
                    ),
                ),
                ("ordinal", models.PositiveIntegerField()),
                ("body", models.BinaryField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="accounts.feedrun"
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "ordinal"],
            },
        ),
        migrations.CreateModel(
            name="FeedChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("university_id", models.CharField(max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("changed", "changed"),
                            ("leaver", "no longer listed"),
                            ("refused", "refused"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
                ("line", models.PositiveIntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("applied_at", models.DateTimeField(null=True)),
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
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="accounts.feedrun"
                    ),
                ),
            ],
            options={
                "ordering": ["line", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PolicySetting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, verbose_name="setting")),
                ("value", models.JSONField()),
                ("effective_from", models.DateField()),
                ("set_at", models.DateTimeField(auto_now_add=True)),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="why")),
                (
                    "set_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "policy setting",
                "ordering": ["key", "-effective_from"],
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("undergraduate", "undergraduate"),
                            ("postgraduate_taught", "taught postgraduate"),
                            ("postgraduate_research", "research postgraduate"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("full_time", "full time"),
                            ("part_time", "part time"),
                            ("distance", "distance learning"),
                        ],
                        default="full_time",
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("current", "current student"),
                            ("completed", "graduate"),
                            ("interrupted", "interrupted"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="current",
                        max_length=20,
                    ),
                ),
                (
                    "fee_status",
                    models.CharField(
                        choices=[("home", "home"), ("overseas", "overseas")], default="home", max_length=20
                    ),
                ),
                ("year_of_study", models.PositiveSmallIntegerField(default=1)),
                ("started_on", models.DateField()),
                ("expected_end_on", models.DateField(blank=True, null=True)),
                ("completed_on", models.DateField(blank=True, null=True)),
                (
                    "left_feed_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="no longer in the student feed since"
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="enrolments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="enrolments", to="accounts.programme"
                    ),
                ),
            ],
            options={
                "ordering": ["-started_on"],
            },
        ),
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("minute", models.DateTimeField(db_index=True)),
                ("requests", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("requests__gte", 1)),
                        name="request_count_is_of_a_request",
                        violation_error_code="request_count",
                        violation_error_message="A count of requests starts at 1.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="programme",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="programmes", to="accounts.school"
            ),
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("session_key", models.CharField(editable=False, max_length=40, unique=True)),
                ("device", models.CharField(max_length=80)),
                ("network", models.CharField(blank=True, max_length=43)),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(help_text="Written at most every five minutes.")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("signed_out", "signed out"),
                            ("replaced", "ended by a new sign-in"),
                            ("ended", "ended from another device"),
                            ("expired", "not used for too long"),
                            ("password", "ended by a new password"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "remembered",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="Wrong passwords that others try elsewhere do not keep its owner out here.",
                        verbose_name="the device is known",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-started_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="AccessNeeds",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True, max_length=1000, verbose_name="access needs")),
                (
                    "declares_disability",
                    models.BooleanField(default=False, verbose_name="declares a disability or neurodiversity"),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="needs", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "access needs",
                "verbose_name_plural": "access needs",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True), ("declares_disability", True), _connector="OR"
                        ),
                        name="access_needs_say_something",
                        violation_error_code="access_needs_empty",
                        violation_error_message="Enter your access needs, or say that you are disabled or neurodivergent.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=foundation.values.public_ids.new_public_id, editable=False, max_length=12, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("profile:read", "Read your profile and your tokens"),
                                ("appointments:read", "Read appointments and free times"),
                                ("appointments:write", "Book, move and cancel appointments, and mark attendance"),
                                ("documents:read", "Read your list of documents"),
                                ("documents:write", "Upload and delete your documents"),
                                ("queries:read", "Read queries"),
                                ("queries:write", "Send, answer and close queries"),
                                ("activities:write", "Record activity results"),
                                ("alumni:read", "Read the alumni office’s list"),
                            ],
                            max_length=30,
                        ),
                        size=None,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_on", models.DateField(help_text="The last local day on which it works.")),
                ("last_used_on", models.DateField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scopes__len__gte", 1)),
                        name="api_token_has_a_scope",
                        violation_error_code="token_scopes",
                        violation_error_message="Choose what the token may be used for.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "scopes__contained_by",
                                [
                                    "profile:read",
                                    "appointments:read",
                                    "appointments:write",
                                    "documents:read",
                                    "documents:write",
                                    "queries:read",
                                    "queries:write",
                                    "activities:write",
                                    "alumni:read",
                                ],
                            )
                        ),
                        name="api_token_scopes_are_known",
                        violation_error_code="api_token_scopes",
                        violation_error_message="Choose the scopes from the list.",
                    ),
                ],
            },
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
            model_name="feedfile",
            constraint=models.UniqueConstraint(
                fields=("run", "kind", "ordinal"),
                name="feed_file_has_each_piece_once",
                violation_error_code="feed_running",
                violation_error_message="Someone else is applying this file.",
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
        migrations.AddIndex(
            model_name="feedchange",
            index=models.Index(models.F("run"), models.F("kind"), models.F("line"), name="feed_change_by_kind"),
        ),
        migrations.AddConstraint(
            model_name="feedchange",
            constraint=models.UniqueConstraint(
                fields=("run", "university_id"),
                name="feed_run_tells_of_a_person_once",
                violation_error_code="feed_running",
                violation_error_message="Someone else is working on this file.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "refused"), _negated=True), ("applied_at__isnull", True), _connector="OR"
                ),
                name="refused_rows_are_never_applied",
                violation_error_code="feed_refused_row",
                violation_error_message="A refused row cannot be applied.",
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
            model_name="policysetting",
            constraint=models.UniqueConstraint(
                fields=("key", "effective_from"),
                name="policy_setting_changes_once_a_day",
                violation_error_code="setting_twice",
                violation_error_message="This setting already has a value from that day. Change that value.",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                fields=("student", "programme", "started_on"),
                name="course_is_listed_once",
                violation_error_code="course_twice",
                violation_error_message="This person already has this programme with the same first day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("completed_on__isnull", True), ("completed_on__gte", models.F("started_on")), _connector="OR"
                ),
                name="course_ends_after_it_starts",
                violation_error_code="course_dates",
                violation_error_message="A course cannot be completed before it started.",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "completed"), _negated=True), ("completed_on__isnull", False), _connector="OR"
                ),
                name="completed_course_has_its_day",
                violation_error_code="course_completed_on",
                violation_error_message="Enter the day on which the course was completed.",
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
        migrations.AddIndex(
            model_name="signin",
            index=models.Index(fields=["person", "started_at"], name="sign_in_of_person"),
        ),
        migrations.AddConstraint(
            model_name="signin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ending", "")),
                    models.Q(("ended_at__isnull", False), ("ending__gt", "")),
                    _connector="OR",
                ),
                name="sign_in_ended_says_how",
                violation_error_code="sign_in_ending",
                violation_error_message="A sign-in that has ended says how.",
            ),
        ),
        migrations.AddConstraint(
            model_name="signin",
            constraint=models.CheckConstraint(
                condition=models.Q(("ending__in", ["", "signed_out", "replaced", "ended", "expired", "password"])),
                name="sign_in_ending_is_known",
                violation_error_code="sign_in_ending",
                violation_error_message="Choose the ending from the list.",
            ),
        ),
        migrations.RunSQL(TRAIL_REFUSES, TRAIL_ALLOWS),
    ]
