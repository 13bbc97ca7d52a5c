"""The SQL of free times: ALONE or IN_GROUPS, each with the statements starts, counted, times, at and nearest.

Blocks with the same beginning and end share one grid of starts, generated once. Advisers and places are checked one
after another only until enough are known, which is usually the second or third. If everybody is booked, this costs as
much as checking all of them.
"""

from dataclasses import dataclass

from appointments.selectors.taking_place import ADVISING, AWAY, JOINABLE, PLACE_IN_USE, PLACE_TAKEN

GRID = f"""
WITH block AS MATERIALIZED (
  SELECT block.id, block.adviser_id, block.local_date AS day, lower(block.during) AS since, upper(block.during) AS until
  FROM appointments_diaryblock block
  WHERE block.local_date = ANY(%(days)s) AND (block.release_at IS NULL OR block.release_at <= %(now)s)
    AND EXISTS (SELECT FROM appointments_diaryblock_types offered
      WHERE offered.diaryblock_id = block.id AND offered.appointmenttype_id = %(type)s)
), there AS MATERIALIZED (
  SELECT id FROM accounts_user
  WHERE id = ANY(ARRAY(SELECT DISTINCT adviser_id FROM block)) AND {ADVISING}
    AND (%(adviser)s = '' OR public_id = %(adviser)s)
), span AS MATERIALIZED (
  SELECT day, since, until, array_agg(block.id ORDER BY adviser_id) AS blocks,
         array_agg(adviser_id ORDER BY adviser_id) AS advisers
  FROM block JOIN there ON there.id = block.adviser_id GROUP BY day, since, until
), grid AS MATERIALIZED (
  SELECT span.*, starts, starts + %(lasts)s AS ends, starts + %(takes)s AS busy_until
  FROM span CROSS JOIN LATERAL generate_series(span.since, span.until - %(lasts)s, %(takes)s) AS starts
  WHERE starts >= %(earliest)s AND (%(at)s::timestamptz IS NULL OR starts = %(at)s) AND NOT EXISTS (
    SELECT FROM appointments_booking
    WHERE student_id = %(student)s AND status = ANY(%(occupying)s) AND id <> %(except)s
      AND during && tstzrange(starts, starts + %(lasts)s))
)
"""
"""Each start of each span, with the blocks and advisers that offer it, except those over the student's own bookings."""

SESSION = "%(type)s || ':' || one.adviser_id || ':' || extract(epoch FROM grid.starts)::bigint"
"""The same text as `group_session`."""

OFFERED = "unnest(grid.blocks, grid.advisers) one(block_id, adviser_id)"
TAKEN = """appointments_booking taken
  WHERE taken.adviser_id = one.adviser_id AND taken.local_date = grid.day AND taken.status = ANY(%(occupying)s)
    AND taken.id <> %(except)s"""
HERE = f"NOT EXISTS ({AWAY.format(adviser='one.adviser_id', during='tstzrange(grid.starts, grid.ends)')})"
FREE = f"""NOT EXISTS (
    SELECT FROM {TAKEN} AND taken.occupies && tstzrange(grid.starts, grid.busy_until){{others}} OFFSET 0)
  AND {{here}}"""
"""Filtered by adviser and day: range overlap alone was six times slower (measured with 200,000 bookings)."""

FITS = f"{PLACE_IN_USE} AND mode = ANY(%(modes)s) AND (%(mode)s = '' OR mode = %(mode)s)"
JOINS = JOINABLE.format(adviser="one.adviser_id", place="held.location_id")
PLACES = f"""appointments_diaryblock_locations held
  WHERE held.diaryblock_id = one.block_id AND {JOINS} AND (
    held.location_id = ANY(ARRAY(SELECT id FROM appointments_location WHERE NOT exclusive AND {FITS}))
    OR held.location_id = ANY(ARRAY(SELECT id FROM appointments_location WHERE exclusive AND {FITS})) AND NOT EXISTS (
      SELECT FROM appointments_booking taken
      WHERE taken.room_id = held.location_id AND taken.occupies && tstzrange(grid.starts, grid.busy_until)
        AND taken.status = ANY(%(occupying)s) AND taken.id <> %(except)s AND taken.adviser_id <> one.adviser_id)
      AND NOT EXISTS ({PLACE_TAKEN.format(place="held.location_id", during="tstzrange(grid.starts, grid.ends)")}))"""

SOMEBODY = f"EXISTS (SELECT FROM (SELECT * FROM {OFFERED}) one, {PLACES} AND {FREE})"
EVERYBODY = f"""CROSS JOIN LATERAL (SELECT one.* FROM {OFFERED} WHERE {FREE} OFFSET 0) one
  CROSS JOIN LATERAL (SELECT held.location_id FROM {PLACES} OFFSET 0) place"""
"""OFFSET 0 keeps PostgreSQL from checking all advisers and places at once."""

LABEL = "to_char(starts AT TIME ZONE %(zone)s, 'HH24:MI')"
STARTS = f"SELECT DISTINCT day, starts, {LABEL} FROM grid WHERE {SOMEBODY} ORDER BY starts"
COUNTED = f"""
, ahead AS MATERIALIZED (
  SELECT adviser_id, room_id, local_date, lower(occupies) AS since, upper(occupies) AS until, session
  FROM appointments_booking
  WHERE local_date = ANY(%(days)s) AND status = ANY(%(occupying)s) AND id <> %(except)s
)
SELECT day, starts, {LABEL}, count(DISTINCT one.adviser_id)
FROM grid CROSS JOIN LATERAL {OFFERED}
JOIN appointments_diaryblock_locations held ON held.diaryblock_id = one.block_id
JOIN appointments_location location ON location.id = held.location_id AND {FITS} AND {JOINS}
WHERE NOT EXISTS (
    SELECT FROM ahead taken WHERE taken.adviser_id = one.adviser_id AND taken.local_date = grid.day
      AND taken.since < grid.busy_until AND taken.until > grid.starts{{others}})
  AND {{here}}
  AND NOT EXISTS (
    SELECT FROM ahead taken WHERE location.exclusive AND taken.room_id = location.id AND taken.local_date = grid.day
      AND taken.since < grid.busy_until AND taken.until > grid.starts AND taken.adviser_id <> one.adviser_id)
  AND NOT EXISTS ({PLACE_TAKEN.format(place="location.id", during="tstzrange(grid.starts, grid.ends)")})
GROUP BY day, starts ORDER BY starts
"""
"""Counting needs every adviser, so here checking all at once is quicker."""

SHOWN = """free.starts, adviser.public_id, location.mode, location.public_id,
       coalesce(nullif(adviser.preferred_name, ''), adviser.given_name) || ' ' || adviser.family_name,
       location.name, location.confidentiality
FROM free
JOIN accounts_user adviser ON adviser.id = free.adviser_id
JOIN appointments_location location ON location.id = free.location_id"""

ORDER = "starts, since, until, adviser_id, location_id"
TIMES = f"""
, free AS MATERIALIZED (
  SELECT grid.starts, grid.since, grid.until, one.adviser_id, place.location_id
  FROM (SELECT * FROM grid ORDER BY starts, since, until OFFSET 0) grid {EVERYBODY}
  ORDER BY {ORDER} LIMIT %(limit)s OFFSET %(offset)s
)
SELECT {SHOWN} ORDER BY {ORDER}
"""

AT = f"""
, free AS (
  SELECT grid.starts, one.adviser_id, place.location_id, (SELECT count(*) FROM {TAKEN}) AS bookings
  FROM grid {EVERYBODY}
)
SELECT {SHOWN} ORDER BY free.bookings, free.adviser_id, (location.mode <> 'in_person'), location.id
"""
"""Advisers with the fewest bookings that day come first."""

NEAREST = f"""
, nearest AS MATERIALIZED (
  SELECT * FROM (SELECT * FROM grid ORDER BY abs(extract(epoch FROM starts - %(near)s)), starts OFFSET 0) grid
  WHERE {SOMEBODY} LIMIT 4 * %(limit)s
), liked AS (
  SELECT id FROM accounts_user WHERE public_id = %(liked)s
), free AS (
  SELECT DISTINCT ON (grid.starts) grid.starts, one.adviser_id, one.location_id
  FROM nearest grid CROSS JOIN LATERAL (
    SELECT one.adviser_id, place.location_id
    FROM (SELECT one.* FROM {OFFERED}
          ORDER BY adviser_id IS DISTINCT FROM (SELECT id FROM liked), adviser_id OFFSET 0) one
    CROSS JOIN LATERAL (SELECT held.location_id FROM {PLACES} ORDER BY location_id OFFSET 0) place
    WHERE {FREE} LIMIT 1) one
  ORDER BY grid.starts, one.adviser_id IS DISTINCT FROM (SELECT id FROM liked), one.adviser_id
)
SELECT {SHOWN} ORDER BY abs(extract(epoch FROM free.starts - %(near)s)), free.starts LIMIT %(limit)s
"""
"""Each start once, with the wanted adviser where they are free.

Up to four spans may share a start, hence the inner limit.
"""


@dataclass(frozen=True, slots=True)
class Statements:
    starts: str
    counted: str
    times: str
    at: str
    nearest: str


def _statements(others: str = "", seats: str = "") -> Statements:
    return Statements(
        *(GRID + each.format(others=others, here=HERE + seats) for each in (STARTS, COUNTED, TIMES, AT, NEAREST))
    )


ALONE = _statements()
IN_GROUPS = _statements(
    others=f" AND taken.session <> {SESSION}",
    seats=f" AND (SELECT count(*) FROM {TAKEN} AND taken.session = {SESSION}) < %(capacity)s",
)
"""Members of one group may overlap until its seats are taken."""
