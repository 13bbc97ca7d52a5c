import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="legalhold",
            name="lifted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="legalhold",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="legalhold",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="legal_holds", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="legalhold",
            name="placed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="purgerun",
            name="approved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="purgerun",
            name="started_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="redaction",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="retentionwarning",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="retention_warnings",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="rightspart",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="rightsrequest",
            name="closed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="rightsrequest",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="rights_requests",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="rightsrequest",
            name="recorded_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="rightsstep",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="textmention",
            name="reviewed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["ready", "released"]), _negated=True),
                    ("built_at__isnull", False),
                    _connector="OR",
                ),
                name="package_ready_says_since_when",
                violation_error_code="package_built",
                violation_error_message="A finished copy says when it was put together.",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(("downloaded_at__isnull", True), ("released_at__isnull", False), _connector="OR"),
                name="package_downloaded_was_released",
                violation_error_code="package_downloaded",
                violation_error_message="A copy is downloaded only after its release.",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "building", "ready", "released", "failed", "gone"])),
                name="package_state_is_known",
                violation_error_code="package_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="purgerun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state__in", ("completed", "stopped", "failed"))),
                    models.Q(
                        models.Q(("state__in", ("completed", "stopped", "failed")), _negated=True),
                        ("ended_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="run_over_says_when",
                violation_error_code="run_ended",
                violation_error_message="A run that is over says when it ended.",
            ),
        ),
        migrations.AddConstraint(
            model_name="purgerun",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_by__isnull", True), ("approved_at__isnull", False), _connector="OR"),
                name="run_approved_says_when",
                violation_error_code="run_approved",
                violation_error_message="An approved run says when it was approved.",
            ),
        ),
        migrations.AddConstraint(
            model_name="purgerun",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "asking", "running", "completed", "stopped", "failed"])),
                name="run_state_is_known",
                violation_error_code="run_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="purgerun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "phase__in",
                        ["warn", "list", "rows", "own_clocks", "mentions", "people", "files", "copies", "verify"],
                    )
                ),
                name="run_phase_is_known",
                violation_error_code="run_phase",
                violation_error_message="Choose the phase from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_by__isnull", True), ("closed_at__isnull", False), _connector="OR"),
                name="request_closed_by_somebody_says_when",
                violation_error_code="request_closed",
                violation_error_message="An answered request says when it was answered.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("restricted_at__isnull", True),
                    models.Q(("kind", "restriction"), ("state", "closed")),
                    _connector="OR",
                ),
                name="request_restricting_is_an_agreed_restriction",
                violation_error_code="request_restricting",
                violation_error_message="Only an agreed request for restriction restricts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("lifted_at__isnull", True), ("restricted_at__isnull", False), _connector="OR"),
                name="request_lifted_was_restricting",
                violation_error_code="request_lifted",
                violation_error_message="Only a restriction in force can be lifted.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["access", "portability", "rectification", "erasure", "restriction", "objection", "complaint"],
                    )
                ),
                name="request_kind_is_known",
                violation_error_code="request_kind",
                violation_error_message="Choose the kind from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("received_how__in", ["page", "email", "telephone", "letter", "in_person"])),
                name="request_received_how_is_known",
                violation_error_code="request_received_how",
                violation_error_message="Choose how the request was received.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "paused", "closed"])),
                name="request_state_is_known",
                violation_error_code="request_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "done", "partly", "refused", "withdrawn"])),
                name="request_outcome_is_known",
                violation_error_code="request_outcome",
                violation_error_message="Choose the outcome from the list.",
            ),
        ),
    ]
