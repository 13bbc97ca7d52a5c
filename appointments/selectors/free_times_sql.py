"""The SQL of free times: `OPEN`, followed by one of STARTS, COUNTED, TIMES, AT, NEAREST.

Bookings are joined by adviser and day: joining by overlapping ranges alone was six times slower (measured over 100
advisers and 200,000 bookings). What somebody asks for is a parameter, `{session}` in OPEN the text SESSION.
"""

OPEN = """
WITH block AS MATERIALIZED (
  SELECT block.id, block.adviser_id, block.local_date AS day, lower(block.during) AS since, upper(block.during) AS until
  FROM appointments_diaryblock block
  WHERE block.local_date = ANY(%(days)s) AND (block.release_at IS NULL OR block.release_at <= %(now)s)
    AND EXISTS (SELECT FROM appointments_diaryblock_types offered
      WHERE offered.diaryblock_id = block.id AND offered.appointmenttype_id = %(type)s)
), there AS MATERIALIZED (
  SELECT id FROM accounts_user
  WHERE id = ANY(ARRAY(SELECT DISTINCT adviser_id FROM block)) AND is_active
    AND (%(adviser)s = '' OR public_id = %(adviser)s)
), grid AS MATERIALIZED (
  SELECT span.since, span.until, starts, starts + %(lasts)s AS ends, starts + %(takes)s AS busy_until
  FROM (SELECT DISTINCT since, until FROM block) span
  CROSS JOIN LATERAL generate_series(span.since, span.until - %(lasts)s, %(takes)s) AS starts
  WHERE starts >= %(earliest)s AND (%(at)s::timestamptz IS NULL OR starts = %(at)s) AND NOT EXISTS (
    SELECT FROM appointments_booking
    WHERE student_id = %(student)s AND status = ANY(%(occupying)s) AND id <> %(except)s
      AND during && tstzrange(starts, starts + %(lasts)s))
), ahead AS MATERIALIZED (
  SELECT adviser_id, room_id, local_date, lower(occupies) AS since, upper(occupies) AS until, session
  FROM appointments_booking
  WHERE local_date = ANY(%(days)s) AND status = ANY(%(occupying)s) AND id <> %(except)s
), open AS (
  SELECT block.id AS block_id, block.adviser_id, block.day, grid.starts, grid.busy_until
  FROM block JOIN there ON there.id = block.adviser_id
  JOIN grid ON grid.since = block.since AND grid.until = block.until
  WHERE NOT EXISTS (
      SELECT FROM ahead WHERE ahead.adviser_id = block.adviser_id AND ahead.local_date = block.day
        AND ahead.since < grid.busy_until AND ahead.until > grid.starts
        AND (NOT %(group)s OR ahead.session <> {session}))
    AND NOT EXISTS (
      SELECT FROM appointments_timeout away
      WHERE away.adviser_id = block.adviser_id AND away.during && tstzrange(grid.starts, grid.ends))
    AND (NOT %(group)s OR (SELECT count(*) FROM ahead WHERE ahead.session = {session}) < %(capacity)s)
)
"""
"""When advisers could be met, wherever. Blocks that begin and end alike share one grid of starts, laid out once."""

SESSION = "%(type)s || ':' || block.adviser_id || ':' || extract(epoch FROM grid.starts)::bigint"
"""The same text as `group_session`."""

FITS = "is_open AND mode = ANY(%(modes)s) AND (%(mode)s = '' OR mode = %(mode)s)"
PLACES = f"""appointments_diaryblock_locations held
  WHERE held.diaryblock_id = open.block_id AND (
    held.location_id = ANY(ARRAY(SELECT id FROM appointments_location WHERE NOT exclusive AND {FITS}))
    OR held.location_id = ANY(ARRAY(SELECT id FROM appointments_location WHERE exclusive AND {FITS})) AND NOT EXISTS (
      SELECT FROM appointments_booking taken
      WHERE taken.room_id = held.location_id AND taken.occupies && tstzrange(open.starts, open.busy_until)
        AND taken.status = ANY(%(occupying)s) AND taken.id <> %(except)s AND taken.adviser_id <> open.adviser_id))"""
"""Where one open time could be held: asked of one time after another, and no longer than until enough is known."""

EACH_PLACE = f"SELECT held.location_id FROM {PLACES} OFFSET 0"
"""OFFSET 0 keeps PostgreSQL from asking it of all times at once."""

FREE_STARTS = f"""
  SELECT start.day, start.starts
  FROM (SELECT day, starts, busy_until, array_agg(block_id) AS blocks, array_agg(adviser_id) AS advisers
        FROM open GROUP BY day, starts, busy_until) start
  WHERE EXISTS (
    SELECT FROM (SELECT one.block_id, one.adviser_id, start.starts, start.busy_until
                 FROM unnest(start.blocks, start.advisers) one(block_id, adviser_id)) open, {PLACES})"""
"""Each start once; the first adviser who has a place for it will do."""

LABEL = "to_char(starts AT TIME ZONE %(zone)s, 'HH24:MI')"
STARTS = f"SELECT day, starts, {LABEL} FROM ({FREE_STARTS}) free ORDER BY starts"
COUNTED = f"""
SELECT day, starts, {LABEL}, count(DISTINCT open.adviser_id) FROM open
JOIN appointments_diaryblock_locations held ON held.diaryblock_id = open.block_id
JOIN appointments_location location ON location.id = held.location_id AND {FITS}
WHERE NOT EXISTS (
  SELECT FROM ahead WHERE location.exclusive AND ahead.room_id = location.id AND ahead.local_date = open.day
    AND ahead.since < open.busy_until AND ahead.until > open.starts AND ahead.adviser_id <> open.adviser_id)
GROUP BY day, starts ORDER BY starts
"""
"""Whoever counts advisers needs all of them: here asking of all at once is quicker."""

SHOWN = """free.starts, adviser.public_id, location.mode, location.public_id,
       coalesce(nullif(adviser.preferred_name, ''), adviser.given_name) || ' ' || adviser.family_name,
       location.name, location.confidentiality
FROM free
JOIN accounts_user adviser ON adviser.id = free.adviser_id
JOIN appointments_location location ON location.id = free.location_id"""

TIMES = f"""
, enough AS (
  SELECT open.* FROM (SELECT * FROM open ORDER BY starts, adviser_id OFFSET 0) open
  CROSS JOIN LATERAL (SELECT FROM {PLACES} LIMIT 1) somewhere
  ORDER BY starts, adviser_id LIMIT %(limit)s + %(offset)s
), free AS (
  SELECT open.starts, open.adviser_id, place.location_id FROM enough open CROSS JOIN LATERAL ({EACH_PLACE}) place
)
SELECT {SHOWN}
ORDER BY free.starts, free.adviser_id, location.id LIMIT %(limit)s OFFSET %(offset)s
"""
"""Each of them has a place at least, so that the page and what lies before it need no more of them."""

AT = f"""
, free AS (
  SELECT open.day, open.starts, open.adviser_id, place.location_id FROM open CROSS JOIN LATERAL ({EACH_PLACE}) place
)
SELECT {SHOWN}
ORDER BY (SELECT count(*) FROM ahead WHERE ahead.adviser_id = free.adviser_id AND ahead.local_date = free.day),
         free.adviser_id, (location.mode <> 'in_person'), location.id
"""
"""The fairest first: whoever has fewest bookings that day."""

NEAREST = f"""
, nearest AS MATERIALIZED (
  SELECT starts FROM ({FREE_STARTS}) once ORDER BY abs(extract(epoch FROM starts - %(near)s)) LIMIT %(limit)s
), free AS (
  SELECT open.starts, open.adviser_id, place.location_id
  FROM (SELECT * FROM open WHERE starts IN (SELECT starts FROM nearest)) open CROSS JOIN LATERAL ({EACH_PLACE}) place
)
SELECT DISTINCT ON (free.starts) {SHOWN}
ORDER BY free.starts, adviser.public_id <> %(liked)s, free.adviser_id, location.id
"""
"""Each start once."""
