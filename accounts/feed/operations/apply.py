"""Applies the difference to the tables, one transaction per batch, so that each person is changed completely or not at
all.

A batch can be repeated: the next comparison no longer contains what it has applied.
"""

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.feed.operations.compare import BATCH
from accounts.models import FeedRun, User
from accounts.operations.signals import course_completed
from foundation.values.times import database_now

SCHOOLS = """
INSERT INTO accounts_school (name, faculty) SELECT name, coalesce(faculty, '') FROM pg_temp.feed_school WHERE id IS NULL
ON CONFLICT (name) DO NOTHING;
UPDATE accounts_school s SET faculty = f.faculty FROM pg_temp.feed_school f
WHERE f.id = s.id AND NOT coalesce(f.differs, false) AND f.faculty <> s.faculty
"""

PROGRAMMES = """
INSERT INTO accounts_programme (code, name, school_id, has_placement_year)
SELECT f.code, f.name, s.id, coalesce(f.has_placement_year, false)
FROM pg_temp.feed_programme f JOIN accounts_school s ON s.name = f.school WHERE f.id IS NULL
ON CONFLICT (code) DO NOTHING;
UPDATE accounts_programme g SET name = f.name, school_id = s.id,
    has_placement_year = coalesce(f.has_placement_year, g.has_placement_year)
FROM pg_temp.feed_programme f JOIN accounts_school s ON s.name = f.school
WHERE f.id = g.id AND NOT coalesce(f.differs, false)
    AND (g.name, g.school_id, g.has_placement_year)
        IS DISTINCT FROM (f.name, s.id, coalesce(f.has_placement_year, g.has_placement_year))
"""

LOCK = """
SELECT id FROM accounts_user
WHERE id IN (SELECT person_id FROM pg_temp.feed_person WHERE batch = %(batch)s AND person_id IS NOT NULL)
ORDER BY id FOR NO KEY UPDATE
"""

RELEASE_EMAILS = """
UPDATE accounts_user u SET email = 'moving-' || u.public_id || '@feed.invalid' FROM pg_temp.feed_person p
WHERE p.batch = %(batch)s AND p.person_id = u.id AND 'email' = ANY (p.fields)
"""
"""Replaces all changing addresses first, because two people may swap theirs and the index is checked for each row."""

ADD = """
INSERT INTO accounts_user (public_id, password, university_id, email, given_name, family_name, preferred_name, phone,
    roles, set_by_person, is_active, joined_at, in_feed_since)
SELECT public_id, '!' || replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), university_id, email,
    given_name, family_name, coalesce(preferred_name, ''), coalesce(phone, ''), ARRAY[role]::varchar[],
    '{}', true, %(now)s, %(today)s
FROM pg_temp.feed_person WHERE batch = %(batch)s AND person_id IS NULL ORDER BY line
"""

NAME_ADDED = """
UPDATE pg_temp.feed_person p SET person_id = u.id FROM accounts_user u
WHERE p.batch = %(batch)s AND p.person_id IS NULL AND u.university_id = p.university_id
"""

CHANGE = """
UPDATE accounts_user u SET given_name = p.given_name, family_name = p.family_name,
    email = CASE WHEN p.keeps_email OR u.set_by_person @> '{email}' THEN u.email ELSE p.email END,
    preferred_name = CASE WHEN u.set_by_person @> '{preferred_name}' THEN u.preferred_name
                     ELSE coalesce(p.preferred_name, u.preferred_name) END,
    phone = CASE WHEN u.set_by_person @> '{phone}' THEN u.phone ELSE coalesce(p.phone, u.phone) END,
    roles = array_remove(array_remove(u.roles, 'student'), 'graduate') || ARRAY[p.role]::varchar[],
    in_feed_since = coalesce(u.in_feed_since, %(today)s), left_feed_on = NULL
FROM pg_temp.feed_person p WHERE p.batch = %(batch)s AND p.kind = 'changed' AND p.person_id = u.id
"""

COURSES_ADD = """
INSERT INTO accounts_enrolment (student_id, programme_id, level, mode, status, fee_status, year_of_study, started_on,
    expected_end_on, completed_on)
SELECT p.person_id, g.id, c.level, coalesce(c.mode, 'full_time'), c.status, coalesce(c.fee_status, 'home'),
    coalesce(c.year_of_study, 1), c.started_on, c.expected_end_on, c.completed_on
FROM pg_temp.feed_course c JOIN pg_temp.feed_person p USING (university_id)
JOIN accounts_programme g ON g.code = c.programme_code
WHERE p.batch = %(batch)s AND c.enrolment_id IS NULL
"""

COURSES_CHANGE = """
UPDATE accounts_enrolment e SET level = c.level, mode = coalesce(c.mode, e.mode), status = c.status,
    fee_status = coalesce(c.fee_status, e.fee_status), year_of_study = coalesce(c.year_of_study, e.year_of_study),
    expected_end_on = coalesce(c.expected_end_on, e.expected_end_on), completed_on = c.completed_on,
    left_feed_on = NULL
FROM pg_temp.feed_course c JOIN pg_temp.feed_person p USING (university_id)
WHERE p.batch = %(batch)s AND c.enrolment_id = e.id AND c.fields <> '{}'
"""

COURSES_GONE = """
UPDATE accounts_enrolment e SET left_feed_on = %(today)s
FROM pg_temp.feed_gone gone JOIN pg_temp.feed_person p USING (university_id)
WHERE p.batch = %(batch)s AND gone.enrolment_id = e.id AND e.left_feed_on IS NULL
"""

COMPLETED = """
SELECT DISTINCT p.person_id FROM pg_temp.feed_course c JOIN pg_temp.feed_person p USING (university_id)
WHERE p.batch = %(batch)s AND c.completes
"""

RECORD_APPLIED = """
INSERT INTO accounts_feedchange (run_id, person_id, university_id, kind, fields, contents, line, reason, applied_at)
SELECT %(run)s, person_id, university_id, kind, fields, contents, line, '', %(now)s FROM pg_temp.feed_person
WHERE batch = %(batch)s
ON CONFLICT (run_id, university_id) DO UPDATE SET person_id = EXCLUDED.person_id, fields = EXCLUDED.fields,
    contents = EXCLUDED.contents, applied_at = EXCLUDED.applied_at
"""

LEAVE = """
WITH chosen AS (
    SELECT l.person_id, l.university_id FROM pg_temp.feed_leaver l
    WHERE l.number > %(after)s AND l.number <= %(until)s),
marked AS (
    UPDATE accounts_user u SET left_feed_on = %(today)s FROM chosen
    WHERE chosen.person_id = u.id AND u.left_feed_on IS NULL)
INSERT INTO accounts_feedchange (run_id, person_id, university_id, kind, fields, contents, reason, applied_at)
SELECT %(run)s, person_id, university_id, 'leaver', '{}', '[]', '', %(now)s FROM chosen
ON CONFLICT (run_id, university_id) DO UPDATE SET applied_at = EXCLUDED.applied_at
"""

DIFFERENCE = """
DELETE FROM accounts_feedchange WHERE run_id = %(run)s AND applied_at IS NULL;
INSERT INTO accounts_feedchange (run_id, person_id, university_id, kind, fields, contents, line, reason)
SELECT %(run)s, person_id, university_id, kind, CASE kind WHEN 'new' THEN '{}' ELSE fields END, contents, line, ''
FROM pg_temp.feed_person WHERE kind <> 'unchanged'
UNION ALL SELECT %(run)s, person_id, university_id, 'leaver', '{}', '[]', NULL, '' FROM pg_temp.feed_leaver
UNION ALL SELECT %(run)s, u.id, f.university_id, 'refused', '{}', '[]', f.line, left(f.reason, 300)
FROM pg_temp.feed_refused f LEFT JOIN accounts_user u USING (university_id)
ON CONFLICT (run_id, university_id) DO NOTHING
"""


@transaction.atomic
def note_difference(run: FeedRun) -> None:
    """Saves the difference for the run's page. Changes that were already applied are kept."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCE, {"run": run.pk})


@transaction.atomic
def apply_catalogue() -> None:
    with connection.cursor() as cursor:
        cursor.execute(SCHOOLS)
        cursor.execute(PROGRAMMES)


def batches() -> list[tuple[int, int]]:
    """Number and size of each batch, in the order in which they are applied."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT batch, count(*) FROM pg_temp.feed_person WHERE batch IS NOT NULL GROUP BY batch ORDER BY batch"
        )
        return [(int(row[0]), int(row[1])) for row in cursor.fetchall()]


def leavers() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_temp.feed_leaver")
        return int(cursor.fetchone()[0])


@transaction.atomic
def apply_batch(run: FeedRun, batch: int) -> None:
    """Locks the batch's people by ascending id, then writes people, courses and the record of changes, and sends the
    signal.
    """
    params: dict[str, Any] = {
        "batch": batch, "run": run.pk, "now": database_now(), "today": timezone.localdate(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(LOCK, params)
        if batch == 0:
            cursor.execute(RELEASE_EMAILS, params)
        for statement in (ADD, NAME_ADDED, CHANGE, COURSES_ADD, COURSES_CHANGE, COURSES_GONE, RECORD_APPLIED):
            cursor.execute(statement, params)
        cursor.execute(COMPLETED, params)
        completed = [int(row[0]) for row in cursor.fetchall()]
    if completed:
        course_completed.send(sender=User, person_ids=completed)


@transaction.atomic
def apply_leavers(run: FeedRun, after: int) -> None:
    """Marks leavers number `after` + 1 to `after` + BATCH; it never deletes them."""
    params: dict[str, Any] = {
        "run": run.pk,
        "after": after,
        "until": after + BATCH,
        "now": database_now(),
        "today": timezone.localdate(),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.id FROM accounts_user u JOIN pg_temp.feed_leaver l ON l.person_id = u.id"
            " WHERE l.number > %(after)s AND l.number <= %(until)s ORDER BY u.id FOR NO KEY UPDATE OF u",
            params,
        )
        cursor.execute(LEAVE, params)
