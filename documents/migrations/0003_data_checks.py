import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_what_was_taken_out"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="documentversion",
            name="version_state_and_format_are_known",
        ),
        migrations.RemoveConstraint(
            model_name="documentversion",
            name="version_taken_out_is_known_and_of_a_copy",
        ),
        migrations.AlterField(
            model_name="document",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="documents", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="documentshare",
            name="adviser",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "clean"), ("taken_out__len", 0), _connector="OR"),
                name="version_taken_out_is_of_a_released_copy",
                violation_error_code="document_unchecked",
                violation_error_message="Only a released copy has had something taken out.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("format__in", ["pdf", "docx"])),
                name="version_format_is_known",
                violation_error_code="version_format",
                violation_error_message="Only PDF and Word (DOCX) files can be used.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["quarantined", "clean", "refused"])),
                name="version_state_is_known",
                violation_error_code="version_state",
                violation_error_message="Choose the state from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "taken_out__contained_by",
                        [
                            "action",
                            "add_in",
                            "attachment",
                            "field",
                            "form",
                            "link",
                            "media",
                            "object",
                            "picture",
                            "remote",
                            "restriction",
                            "script",
                            "signature",
                        ],
                    )
                ),
                name="version_taken_out_are_known",
                violation_error_code="version_taken_out",
                violation_error_message="Choose the taken out from the list.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="document",
            name="document_kind_is_known",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["cv", "application", "advert"])),
                name="document_kind_is_known",
                violation_error_code="document_kind",
                violation_error_message="Choose a CV, an application form or a job advert.",
            ),
        ),
    ]
