"""Is a time published? Written out in SQL: building the same with the ORM cost more CPU than all else of a booking."""

from datetime import datetime

from django.db import connection

LIES_IN = """
SELECT lower(block.during), EXISTS (
  SELECT FROM appointments_timeout away WHERE away.adviser_id = block.adviser_id AND away.during && span.during)
FROM appointments_diaryblock block
JOIN (SELECT tstzrange(%(starts)s, %(ends)s) AS during) span ON block.during @> span.during
JOIN appointments_diaryblock_types offered
  ON offered.diaryblock_id = block.id AND offered.appointmenttype_id = %(type)s
JOIN appointments_diaryblock_locations held ON held.diaryblock_id = block.id AND held.location_id = %(location)s
JOIN accounts_user adviser ON adviser.id = block.adviser_id AND adviser.is_active
WHERE block.adviser_id = %(adviser)s
  AND (NOT %(released)s OR block.release_at IS NULL OR block.release_at <= statement_timestamp())
LIMIT 1
"""


def block_start(
    *, type_id: int, adviser_id: int, location_id: int, starts: datetime, ends: datetime, released: bool
) -> datetime | None:
    """One query. When the published block begins that the span lies in; None without one or where the adviser is away.

    `released`: only blocks whose release has come.
    """
    asked: dict[str, int | bool | datetime] = {
        "type": type_id,
        "adviser": adviser_id,
        "location": location_id,
        "starts": starts,
        "ends": ends,
        "released": released,
    }
    with connection.cursor() as cursor:
        cursor.execute(LIES_IN, asked)
        row = cursor.fetchone()
    return None if row is None or row[1] else row[0]
