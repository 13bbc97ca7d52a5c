from typing import Any

from django.db import transaction

from accounts.models import AccessNeeds, User
from accounts.operations.record_audit import record_audit

OWN_FIELDS = ("preferred_name", "phone", "text_reminders")
"""Fields that people edit themselves. The University corrects the rest."""


NEEDS = ("access_needs", "declares_disability")
"""Stored separately, in `AccessNeeds`."""

FED_FIELDS = ("preferred_name", "phone")
"""Fields that the student feed also sets, until the person has changed them."""


@transaction.atomic
def update_profile(*, user: User, by: User, **values: Any) -> None:
    """Saves the person's own details. The student feed no longer overwrites fields changed here."""
    stored = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    theirs = {field for field in FED_FIELDS if field in values and getattr(stored, field) != values[field]}
    user.set_by_person = sorted(theirs.union(stored.set_by_person))
    for field in OWN_FIELDS:
        if field in values:
            setattr(user, field, values[field])
    user.save(update_fields=["set_by_person", *(field for field in OWN_FIELDS if field in values)])
    _set_needs(user, **{field: values[field] for field in NEEDS if field in values})
    record_audit(actor=by, action="profile_updated", on=user)


def _set_needs(user: User, **values: Any) -> None:
    """Deletes the row if nothing is stated any more."""
    if not values:
        return
    needs = AccessNeeds.objects.of(user)
    needs.text = values.get("access_needs", needs.text)
    needs.declares_disability = values.get("declares_disability", needs.declares_disability)
    if needs.text or needs.declares_disability:
        needs.save()
    elif needs.pk:
        needs.delete()
