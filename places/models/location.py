from django.db import models
from django.db.models import Q

from foundation.db.choice_checks import choice_check
from foundation.values.links import LONGEST_LINK
from foundation.values.public_ids import new_public_id


class MeetingMode(models.TextChoices):
    IN_PERSON = "in_person", "In person"
    ONLINE = "online", "Online"
    TELEPHONE = "telephone", "Telephone"


class Confidentiality(models.TextChoices):
    CONFIDENTIAL = "confidential", "Confidential"
    MAY_NOT_BE = "may_not_be", "May not be confidential"
    NOT_CONFIDENTIAL = "not_confidential", "Not confidential"


class LocationQuerySet(models.QuerySet["Location"]):
    def open(self) -> "LocationQuerySet":
        return self.filter(is_open=True)


class Location(models.Model):
    """A place to meet: a room, pod or desk that one meeting uses at a time, or a way to meet online or by telephone."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=120, unique=True)
    building = models.CharField(max_length=120, blank=True)
    mode = models.CharField("how people meet there", max_length=20, choices=MeetingMode, default=MeetingMode.IN_PERSON)
    confidentiality = models.CharField(max_length=20, choices=Confidentiality)
    confidentiality_note = models.CharField(
        max_length=300, help_text="As students read it before they book: “Private room: what you say stays between …”."
    )
    exclusive = models.BooleanField(
        "one meeting at a time", default=True, help_text="A room or desk. Not ticked for online and telephone."
    )
    directions = models.CharField(max_length=300, blank=True)
    link = models.CharField(
        "link to join",
        max_length=LONGEST_LINK,
        blank=True,
        db_default="",
        help_text="Online only, for advisers without a link of their own. Only student and adviser see it.",
    )
    is_open = models.BooleanField("in use", default=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        # The name from before places had their own app: renaming it would stop a version that still runs.
        db_table = "appointments_location"
        ordering = ["mode", "name"]
        constraints = [
            choice_check("location", "mode", MeetingMode.values),
            choice_check("location", "confidentiality", Confidentiality.values),
            models.CheckConstraint(
                condition=Q(link="") | Q(mode=MeetingMode.ONLINE, link__startswith="https://"),
                name="location_link_is_for_meeting_online",
                violation_error_code="location_link",
                violation_error_message="Only an online place has a link, and it starts with https://.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
