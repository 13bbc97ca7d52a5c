from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.operations.record_audit import record_audit
from eligibility.models import Hold


@transaction.atomic
def lift_hold(*, hold: Hold, by: User) -> None:
    """The student may book again from now on; that there was a hold stays on record. Lifting twice changes nothing."""
    if Hold.objects.filter(pk=hold.pk, lifted_at__isnull=True).update(lifted_at=timezone.now()):
        record_audit(actor=by, action="hold_lifted", subject="hold", subject_id=hold.public_id, student=hold.student)
