from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id
from wellbeing.models.concern import Concern


class Recipient(models.TextChoices):
    SCHOOL = "school", "The student’s School"
    SUPPORT = "support", "Student support"
    EMERGENCY = "emergency", "Emergency services"


class Disclosure(models.Model):
    """What was disclosed about a concern: who decided, to whom, the minimum needed, why, and whether the student was
    told (DATA-6). Only this row keeps the content; the message's text is deleted after delivery.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="disclosures")
    to = models.CharField(max_length=10, choices=Recipient.choices)
    to_whom = models.CharField(max_length=120)
    address = models.EmailField(blank=True, help_text="Leave empty if you told them another way, such as by telephone.")
    shared = models.TextField()
    why = models.TextField()
    student_told = models.BooleanField()
    not_told_because = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(shared="") & ~Q(why="") & ~Q(to_whom=""),
                name="disclosure_says_what_why_and_to_whom",
                violation_error_code="disclosure_words",
                violation_error_message="Enter what you are sharing, why, and who with.",
            ),
            models.CheckConstraint(
                condition=Q(student_told=True) | ~Q(not_told_because=""),
                name="disclosure_says_why_the_student_was_not_told",
                violation_error_code="disclosure_not_told",
                violation_error_message="Enter why the student was not told.",
            ),
            choice_check("disclosure", "to", Recipient.values, message="Choose who it goes to."),
        ]

    def __str__(self) -> str:
        return f"disclosure {self.public_id}"
