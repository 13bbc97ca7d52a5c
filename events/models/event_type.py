from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.functional import cached_property

from eligibility.models import Activity, AllocationPolicy
from foundation.values.public_ids import new_public_id


class EventType(models.Model):
    """A kind of event, such as a fair or a skills workshop, with what its events have in common."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    slug = models.SlugField("short name", max_length=60, unique=True)
    name = models.CharField(max_length=120, help_text="As students read it: “Employer session”.")
    is_employer_led = models.BooleanField(
        "led by employers", default=False, help_text="Missing one is counted apart from other sessions."
    )
    counts_as = models.ForeignKey(
        Activity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"kind": "attendance"},
        help_text="Attending one is recorded in this activity, so that rules can require it.",
    )
    policies = models.ManyToManyField(
        AllocationPolicy, blank=True, related_name="event_types", verbose_name="how many a student can register for"
    )
    late_after_minutes = models.PositiveSmallIntegerField(
        "late after", default=10, help_text="Minutes after the start. Later arrivals are recorded as late."
    )
    partial_percent = models.PositiveSmallIntegerField(
        "attended from (%)",
        default=50,
        validators=[MaxValueValidator(100)],
        help_text="Online: being there for less than this share of the event is not attending. 0: any time counts.",
    )
    colour = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(7)])
    order = models.PositiveSmallIntegerField(default=0)
    is_offered = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(partial_percent__lte=100),
                name="event_type_share_is_at_most_all",
                violation_error_code="event_type_share",
                violation_error_message="Enter a share from 0 to 100 percent.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def limits(self) -> list[AllocationPolicy]:
        """The policies, cached."""
        return list(self.policies.all())
