"""Gives contact details to the alumni office, as a download, a file or an API page. Each is recorded beforehand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from accounts.models import User
from accounts.operations.record_audit import Subject, record_audit
from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day
from retention.exports.alumni_file import alumni_file
from retention.selectors.alumni import all_alumni_contacts

OFF = ("alumni_off", "This institution shares nothing with an alumni office.")


def require_sharing() -> None:
    """Refuses if the setting is off. One query."""
    if not policy_in_force().alumni_sharing:
        raise Refused(*OFF, "Administrators can change that in the policy’s settings.", status=404)


@transaction.atomic
def export_alumni(*, by: User | None) -> Iterator[bytes]:
    """The whole file as pieces."""
    require_sharing()
    record_audit(actor=by, action="alumni_exported", on=Subject("alumni_contacts"))
    return alumni_file(all_alumni_contacts())


@transaction.atomic
def record_alumni_reading(*, by: User, first: int) -> None:
    """Records that a program reads one page of the list."""
    require_sharing()
    record_audit(actor=by, action="alumni_read", on=Subject("alumni_contacts"), first=first)


def write_alumni_file(folder: Path) -> Path:
    """Writes the file into a folder from which the alumni office fetches it by SFTP.

    It has another name until it is complete, so that nobody fetches half of it. Only its owner and group can read it.
    """
    pieces = export_alumni(by=None)
    target = folder / f"alumni-{local_day(database_now()):%Y%m%d}.csv"
    half = target.with_suffix(".part")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            file.write(piece)
    half.replace(target)
    return target
