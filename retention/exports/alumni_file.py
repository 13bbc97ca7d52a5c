"""The CSV file for the alumni office: one row per person.

It includes withdrawals, so that the office learns of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from foundation.values.csv_files import Plain, written
from foundation.values.times import local
from messaging.models import ContactChannel
from retention.selectors.alumni import AlumniContact

E164 = re.compile(r"\+[0-9]{4,15}")
COLUMNS = [
    "id", "university_id", "given_name", "family_name", "status", "email", "phone", "programme", "school",
    "completed_on", *(f"may_{channel}" for channel in ContactChannel.values), "said_at", "how", "where",
]  # fmt: skip


def alumni_file(contacts: Iterable[AlumniContact]) -> Iterator[bytes]:
    """CSV in UTF-8, as pieces. `status` is agreed or withdrawn; a withdrawn row has no contact details."""
    yield from written(_rows(contacts))


def _rows(contacts: Iterable[AlumniContact]) -> Iterator[list[str]]:
    yield COLUMNS
    for each in contacts:
        person, latest = each.person, max(each.said, key=lambda said: said.said_at)
        yield [
            person.public_id,
            person.university_id or "",
            person.first_name,
            person.family_name,
            each.status,
            each.email,
            Plain(each.phone) if E164.fullmatch(each.phone) else each.phone,
            each.programme,
            each.school,
            each.completed_on.isoformat() if each.completed_on else "",
            *("yes" if channel in each.agreed else "no" for channel in ContactChannel.values),
            local(latest.said_at).isoformat(timespec="seconds"),
            latest.how,
            latest.where,
        ]
