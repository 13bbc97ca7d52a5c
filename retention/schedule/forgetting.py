"""Deletes retention's own rows, as each app's `operations/forget.py` does for its own."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.files.storage import storages

from accounts.models import Proposal
from accounts.operations import forget as accounts
from appointments.operations.forget import forget_diaries
from documents.operations.forget import forget_shares_with
from eligibility.operations.forget import forget_waiting
from events.operations.forget import forget_organisers, forget_registrations
from foundation.db.deleting import delete_rows
from retention.models import (
    LegalHold,
    Package,
    PackageState,
    Redaction,
    RetentionWarning,
    RightsPart,
    RightsRequest,
    RightsStep,
)
from retention.schedule.clocks import packages_due
from retention.schedule.links_to_people import CLEARED, NAMED

if TYPE_CHECKING:
    from retention.schedule.clocks import PurgeDate


def forget_rights(people: Collection[int]) -> int:
    """Deletes requests with all their parts, the files of copies, warnings, legal holds that have ended, and requests
    to lift them.
    """
    packages = Package.objects.filter(request__person__in=people)
    for name in packages.exclude(name="").values_list("name", flat=True):
        storages["retention"].delete(name)
    own = (
        packages,
        *(model._default_manager.filter(request__person__in=people) for model in (Redaction, RightsPart, RightsStep)),
        RightsRequest.objects.filter(person__in=people),
        RetentionWarning.objects.filter(person__in=people),
        LegalHold.objects.filter(person__in=people),
        Proposal.objects.filter(person__in=people),
    )
    return sum(delete_rows(each) for each in own)


def forget_people(people: Collection[int]) -> int:
    return accounts.forget_people(people, cleared=CLEARED, named=NAMED)


def forget_colleague(people: Collection[int]) -> int:
    """Deletes what somebody had as a colleague: their diary, documents shared with them, events they organised."""
    return forget_diaries(people) + forget_shares_with(people) + forget_organisers(people)


def forget_events(people: Collection[int]) -> int:
    """Deletes registrations, and places in waiting lists, which are of a layer below."""
    return forget_registrations(people) + forget_waiting(people)


def forget_packages(night: PurgeDate) -> int:
    """Deletes the files of copies whose download period is over, and the data collected to build them."""
    gone = 0
    for package in packages_due(night).order_by("pk")[:500]:
        if package.name:
            storages["retention"].delete(package.name)
        empty = {"state": PackageState.GONE, "name": "", "salt": "", "candidates": [], "contents": {}}
        gone += Package.objects.filter(pk=package.pk).update(**empty)
    return gone
