from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.operations.record_audit import record_audit

OWN_FIELDS = ("preferred_name", "phone", "access_needs", "declares_disability", "text_reminders")
"""What a person says about themselves; the rest is the University's and is corrected there."""


@transaction.atomic
def update_profile(*, user: User, by: User, **said: Any) -> None:
    for field in OWN_FIELDS:
        if field in said:
            setattr(user, field, said[field])
    user.save(update_fields=[field for field in OWN_FIELDS if field in said])
    record_audit(actor=by, action="profile_updated", subject="person", subject_id=user.public_id)
