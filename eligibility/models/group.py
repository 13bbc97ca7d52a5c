from django.conf import settings
from django.db import models


class Group(models.Model):
    """Students listed individually, for audiences that no fact about a course defines (ELIG-1)."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120, help_text="As students read it after “members of”: “the Aspire programme”.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    student = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="group_memberships")

    class Meta:
        verbose_name = "member of a group"
        verbose_name_plural = "members of groups"
        constraints = [
            models.UniqueConstraint(
                fields=["group", "student"],
                name="student_is_listed_once_in_a_group",
                violation_error_code="member_twice",
                violation_error_message="This student is in the group already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.student}"
