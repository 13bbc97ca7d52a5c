from django.db import models
from django.db.models import Q

from foundation.db.choice_checks import choice_check
from foundation.outcomes.versions import Versioned
from foundation.values.public_ids import new_public_id
from queries.models.query import Category


class ReplyTemplate(Versioned):
    """Text that colleagues start a reply from. `{first_name}` and `{adviser}` are filled in."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=80, unique=True)
    category = models.CharField(
        max_length=20, choices=Category.choices, blank=True, help_text="Leave empty for all categories."
    )
    text = models.TextField(max_length=4000)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="reply_template_says_something",
                violation_error_code="template_empty",
                violation_error_message="Enter the text of the template.",
            ),
            choice_check("reply_template", "category", Category.values, blank=True),
        ]

    def __str__(self) -> str:
        return self.name
