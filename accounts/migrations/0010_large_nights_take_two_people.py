from django.db import migrations, models

KINDS = [
    ("role", "Give a role"),
    ("setting", "Change a retention setting"),
    ("lift", "Lift a legal hold"),
    ("night", "Approve a large night"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_feed_changes_say_from_what"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="proposal", name="proposal_kind_is_known"),
        migrations.AlterField(model_name="proposal", name="kind", field=models.CharField(choices=KINDS, max_length=10)),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [kind for kind, _ in KINDS])),
                name="proposal_kind_is_known",
                violation_error_code="proposal_kind",
                violation_error_message="Choose the kind from the list.",
            ),
        ),
    ]
