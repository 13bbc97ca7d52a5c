from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import School
from foundation.db.choice_checks import choice_check
from foundation.values.public_ids import new_public_id
from security.models.security_case import SecurityCase


class Addressee(models.TextChoices):
    IT_SERVICES = "it_services", "IT Services"
    GOVERNANCE = "governance", "Information Governance Office"
    SCHOOL = "school", "School"


class CaseReport(models.Model):
    """One of the reports required by SEC-3. It is drafted, reviewed and sent, and cannot be changed afterwards.

    Only this row has the text. The outbox message (`message`, its public id) refers to it by id.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    case = models.ForeignKey(SecurityCase, on_delete=models.PROTECT, related_name="reports")
    to = models.CharField(max_length=12, choices=Addressee)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, related_name="+")
    address = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    text = models.TextField(max_length=10_000)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+")
    message = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "to", "school"],
                nulls_distinct=False,
                name="case_reports_once_to_each",
                violation_error_code="report_twice",
                violation_error_message="This report exists already.",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, sent_by__isnull=True, message="")
                | (Q(sent_at__isnull=False, sent_by__isnull=False) & ~Q(address="") & ~Q(text="") & ~Q(message="")),
                name="report_sent_says_where_and_what",
                violation_error_code="report_incomplete",
                violation_error_message="A report needs an address and a text before it is sent.",
            ),
            choice_check("case_report", "to", Addressee.values, message="Choose who receives the report."),
        ]

    def __str__(self) -> str:
        return f"report {self.public_id}"

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    @property
    def addressee(self) -> str:
        if self.to != Addressee.SCHOOL:
            return str(self.get_to_display())
        return self.school.name if self.school else "The student’s School"
