from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
