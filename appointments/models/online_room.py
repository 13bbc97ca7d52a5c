from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.values.links import LONGEST_LINK


class OnlineRoom(models.Model):
    """The link under which an adviser meets students online, unless one is typed for an appointment."""

    adviser = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="online_room")
    link = models.CharField("link to join", max_length=LONGEST_LINK)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(link__startswith="https://"),
                name="online_room_link_is_https",
                violation_error_code="link_unusable",
                violation_error_message="Enter a link that starts with https://.",
            ),
        ]

    def __str__(self) -> str:
        return f"online room of {self.adviser_id}"
