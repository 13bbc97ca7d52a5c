"""Compares the staged file with the database, in set-based SQL over temporary tables. Writes nothing else.

After a part was applied, a new comparison finds only the rest: that is how an interrupted run resumes.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.feed.operations.contents import CONTENTS
from accounts.feed.operations.doubtful_ids import ALIKE_REFUSED
from accounts.models import GUARDED

BATCH = 1000
"""People per transaction."""

SHOWN = 100
"""Most programmes and Schools that the report names."""

CLEAR = """
DROP TABLE IF EXISTS pg_temp.feed_refused, pg_temp.feed_person, pg_temp.feed_course, pg_temp.feed_gone,
    pg_temp.feed_leaver, pg_temp.feed_school, pg_temp.feed_programme
"""

REFUSED = """
CREATE TEMPORARY TABLE feed_refused (university_id text PRIMARY KEY, line integer, reason text);
INSERT INTO feed_refused
SELECT DISTINCT ON (university_id) university_id, line, reason FROM pg_temp.feed_bad
WHERE university_id IS NOT NULL ORDER BY university_id, line;

INSERT INTO feed_refused
SELECT university_id, min(line), 'The rows of this person differ in '
    || CASE WHEN min(email) <> max(email) THEN 'email' WHEN min(given_name) <> max(given_name) THEN 'given_name'
       WHEN min(family_name) <> max(family_name) THEN 'family_name'
       WHEN min(preferred_name) <> max(preferred_name) THEN 'preferred_name' ELSE 'phone' END || '.'
FROM pg_temp.feed_row GROUP BY university_id
HAVING min(email) <> max(email) OR min(given_name) <> max(given_name) OR min(family_name) <> max(family_name)
    OR min(preferred_name) <> max(preferred_name) OR min(phone) <> max(phone)
ON CONFLICT DO NOTHING;

INSERT INTO feed_refused
SELECT DISTINCT ON (university_id) university_id, line, 'The same course stands twice: programme_code and start.'
FROM (SELECT university_id, line, row_number() OVER (
          PARTITION BY university_id, programme_code, started_on ORDER BY line) AS time FROM pg_temp.feed_row) row
WHERE time > 1 ORDER BY university_id, line
ON CONFLICT DO NOTHING;

INSERT INTO feed_refused
SELECT university_id, min(line), 'Somebody else in this file has the same email.' FROM pg_temp.feed_row
WHERE lower(email) IN (SELECT lower(email) FROM pg_temp.feed_row GROUP BY lower(email)
                       HAVING min(university_id) <> max(university_id))
GROUP BY university_id
ON CONFLICT DO NOTHING;
"""

UNKNOWN_PROGRAMMES_REFUSED = """
INSERT INTO feed_refused
SELECT university_id, min(line), 'The programme_code is not known, and this run may not add programmes.'
FROM pg_temp.feed_row r WHERE NOT EXISTS (SELECT FROM accounts_programme g WHERE g.code = r.programme_code)
GROUP BY university_id
ON CONFLICT DO NOTHING
"""

# A feed must not lead the password of somebody with a guarded role to another address.
PEOPLE = """
CREATE TEMPORARY TABLE feed_person AS
SELECT r.university_id, min(r.line) AS line, min(r.public_id) AS public_id, min(r.given_name) AS given_name,
       min(r.family_name) AS family_name, min(r.preferred_name) AS preferred_name, min(r.email) AS email,
       min(r.phone) AS phone, u.id AS person_id, u.email AS email_now, NULL::text AS role,
       'unchanged' AS kind, ARRAY[]::text[] AS fields, '[]'::jsonb AS contents, NULL::integer AS batch,
       coalesce(u.set_by_person @> '{email}' OR u.roles && %(guarded)s::varchar[], false) AS keeps_email
FROM pg_temp.feed_row r LEFT JOIN accounts_user u USING (university_id)
WHERE NOT EXISTS (SELECT FROM feed_refused f WHERE f.university_id = r.university_id)
GROUP BY r.university_id, u.id;
CREATE UNIQUE INDEX ON pg_temp.feed_person (university_id);
CREATE INDEX ON pg_temp.feed_person (person_id);
ANALYZE pg_temp.feed_person;
"""

EMAIL_TAKEN = """
WITH taken AS (
    SELECT p.university_id, p.line, u.university_id IS NULL AS not_in_feed FROM pg_temp.feed_person p
    JOIN accounts_user u ON lower(u.email) = lower(p.email) AND u.id IS DISTINCT FROM p.person_id
    WHERE NOT p.keeps_email AND NOT EXISTS (
        SELECT FROM pg_temp.feed_person owner
        WHERE owner.person_id = u.id AND NOT owner.keeps_email AND lower(owner.email) <> lower(u.email))),
noted AS (
    INSERT INTO feed_refused
    SELECT university_id, line, 'Another account has this email.' || CASE WHEN not_in_feed
        THEN ' If it is the same person, enter the university id there first.' ELSE '' END FROM taken)
DELETE FROM pg_temp.feed_person p USING taken WHERE taken.university_id = p.university_id
"""
"""Refuses addresses that another account has, unless that account gives the address up in the same feed.

Repeated until it refuses nobody more.
"""

COURSES = """
CREATE TEMPORARY TABLE feed_course AS
SELECT r.university_id, p.person_id, r.programme_code, r.started_on, r.level, r.mode, r.status, r.fee_status,
       r.year_of_study, r.expected_end_on, r.completed_on, e.id AS enrolment_id,
       r.status = 'completed' AND e.status IS DISTINCT FROM 'completed' AS completes,
       array_remove(CASE WHEN e.id IS NULL THEN ARRAY['course_added'] ELSE ARRAY[
           CASE WHEN e.level <> r.level THEN 'level' END, CASE WHEN e.mode <> r.mode THEN 'mode' END,
           CASE WHEN e.status <> r.status THEN 'status' END,
           CASE WHEN e.fee_status <> r.fee_status THEN 'fee_status' END,
           CASE WHEN e.year_of_study <> r.year_of_study THEN 'year_of_study' END,
           CASE WHEN e.expected_end_on IS DISTINCT FROM coalesce(r.expected_end_on, e.expected_end_on)
               THEN 'expected_end' END,
           CASE WHEN e.completed_on IS DISTINCT FROM r.completed_on THEN 'completion' END,
           CASE WHEN e.left_feed_on IS NOT NULL THEN 'course_back' END] END, NULL) AS fields
FROM pg_temp.feed_row r JOIN pg_temp.feed_person p USING (university_id)
LEFT JOIN accounts_programme g ON g.code = r.programme_code
LEFT JOIN accounts_enrolment e
    ON e.student_id = p.person_id AND e.programme_id = g.id AND e.started_on = r.started_on;
CREATE INDEX ON pg_temp.feed_course (university_id);
CREATE INDEX ON pg_temp.feed_course (enrolment_id);

CREATE TEMPORARY TABLE feed_gone AS
SELECT e.id AS enrolment_id, p.university_id FROM accounts_enrolment e
JOIN pg_temp.feed_person p ON p.person_id = e.student_id
WHERE e.left_feed_on IS NULL AND e.status <> 'completed'
    AND NOT EXISTS (SELECT FROM pg_temp.feed_course c WHERE c.enrolment_id = e.id)
    AND NOT EXISTS (SELECT FROM pg_temp.feed_bad WHERE university_id IS NULL);
ANALYZE pg_temp.feed_course, pg_temp.feed_gone;
"""

ROLES = """
WITH courses AS (
    SELECT university_id, status FROM pg_temp.feed_course
    UNION ALL
    SELECT p.university_id, e.status FROM accounts_enrolment e JOIN pg_temp.feed_person p ON p.person_id = e.student_id
    WHERE NOT EXISTS (SELECT FROM pg_temp.feed_course c WHERE c.enrolment_id = e.id) AND (e.status = 'completed'
        OR (e.left_feed_on IS NULL AND EXISTS (SELECT FROM pg_temp.feed_bad WHERE university_id IS NULL)))),
summed AS (
    SELECT university_id, bool_or(status IN ('current', 'interrupted')) AS goes_on,
           bool_or(status = 'completed') AS has_completed FROM courses GROUP BY university_id)
UPDATE pg_temp.feed_person p SET role = CASE WHEN has_completed AND NOT goes_on THEN 'graduate' ELSE 'student' END
FROM summed WHERE summed.university_id = p.university_id
"""

DIFFERENCES = """
UPDATE pg_temp.feed_person p SET fields = array_remove(ARRAY[
    CASE WHEN u.given_name <> p.given_name THEN 'given_name' END,
    CASE WHEN u.family_name <> p.family_name THEN 'family_name' END,
    CASE WHEN u.email <> p.email AND NOT p.keeps_email THEN 'email' END,
    CASE WHEN u.preferred_name <> p.preferred_name AND NOT u.set_by_person @> '{preferred_name}'
        THEN 'preferred_name' END,
    CASE WHEN u.phone <> p.phone AND NOT u.set_by_person @> '{phone}' THEN 'phone' END,
    CASE WHEN NOT u.roles @> ARRAY[p.role]::varchar[]
        OR u.roles && array_remove(ARRAY['student', 'graduate'], p.role)::varchar[] THEN 'role' END,
    CASE WHEN u.in_feed_since IS NULL THEN 'joined_feed' END,
    CASE WHEN u.left_feed_on IS NOT NULL THEN 'returned' END], NULL)
FROM accounts_user u WHERE u.id = p.person_id;

UPDATE pg_temp.feed_person p SET fields = p.fields || said.fields
FROM (SELECT university_id, array_agg(DISTINCT field ORDER BY field) AS fields
      FROM (SELECT university_id, unnest(fields) AS field FROM pg_temp.feed_course
            UNION ALL SELECT university_id, 'course_gone' FROM pg_temp.feed_gone) each
      GROUP BY university_id) said
WHERE said.university_id = p.university_id AND p.person_id IS NOT NULL;

UPDATE pg_temp.feed_person SET kind = CASE WHEN person_id IS NULL THEN 'new' ELSE 'changed' END,
    contents = CASE WHEN person_id IS NULL THEN jsonb_build_array(
        jsonb_build_array('name', NULL, concat_ws(' ', given_name, nullif(family_name, '')))) ELSE contents END
WHERE person_id IS NULL OR fields <> '{}';
"""

BATCHES = """
UPDATE pg_temp.feed_person p SET batch = numbered.batch
FROM (SELECT university_id, 1 + (row_number() OVER (ORDER BY person_id NULLS LAST, line) - 1) / %(batch)s AS batch
      FROM pg_temp.feed_person WHERE kind <> 'unchanged') numbered
WHERE numbered.university_id = p.university_id;

UPDATE pg_temp.feed_person p SET batch = 0
FROM (SELECT unnest(ARRAY[taker.university_id, giver.university_id]) AS university_id FROM pg_temp.feed_person taker
      JOIN pg_temp.feed_person giver
          ON lower(taker.email) = lower(giver.email_now) AND taker.university_id <> giver.university_id
      WHERE NOT taker.keeps_email) moving
WHERE moving.university_id = p.university_id;
CREATE INDEX ON pg_temp.feed_person (batch);
"""
"""People who take over one another's addresses are applied together, in batch 0."""

LEAVERS = """
CREATE TEMPORARY TABLE feed_leaver AS
SELECT u.id AS person_id, u.university_id, row_number() OVER (ORDER BY u.id) AS number FROM accounts_user u
WHERE u.in_feed_since IS NOT NULL AND u.left_feed_on IS NULL
    AND NOT EXISTS (SELECT FROM pg_temp.feed_person p WHERE p.person_id = u.id)
    AND NOT EXISTS (SELECT FROM feed_refused f
                    WHERE pg_temp.alike(f.university_id) = pg_temp.alike(u.university_id))
    AND NOT EXISTS (SELECT FROM feed_refused f JOIN pg_temp.feed_row r USING (university_id)
                    WHERE lower(r.email) = lower(u.email))
"""
"""Nobody leaves who may be the person of a refused row, by id or by address."""

NOBODY_LEAVES = """
DELETE FROM pg_temp.feed_leaver WHERE EXISTS (SELECT FROM pg_temp.feed_bad WHERE university_id IS NULL)
"""
"""A refused row that does not say whose it is may be of anybody who seems to be missing."""

SERIOUS = (
    *("given_name", "family_name", "email", "phone", "role"),
    *("level", "status", "fee_status", "expected_end", "completion", "course_gone"),
)
"""Fields that a right file changes for few people at a time. A new year of study changes for everybody at once."""

CATALOGUE = """
CREATE TEMPORARY TABLE feed_school AS
SELECT r.school AS name, (array_agg(r.faculty ORDER BY r.line) FILTER (WHERE r.faculty IS NOT NULL))[1] AS faculty,
       min(r.faculty) <> max(r.faculty) AS differs, s.id, s.faculty AS faculty_now
FROM pg_temp.feed_row r JOIN pg_temp.feed_person p USING (university_id)
LEFT JOIN accounts_school s ON s.name = r.school
GROUP BY r.school, s.id;

CREATE TEMPORARY TABLE feed_programme AS
SELECT r.programme_code AS code, (array_agg(r.programme_name ORDER BY r.line))[1] AS name,
       (array_agg(r.school ORDER BY r.line))[1] AS school, bool_or(r.has_placement_year) AS has_placement_year,
       min(r.programme_name) <> max(r.programme_name) OR min(r.school) <> max(r.school)
           OR bool_or(r.has_placement_year) <> bool_and(r.has_placement_year) AS differs,
       g.id, g.name AS name_now, s.name AS school_now, g.has_placement_year AS placement_now
FROM pg_temp.feed_row r JOIN pg_temp.feed_person p USING (university_id)
LEFT JOIN accounts_programme g ON g.code = r.programme_code LEFT JOIN accounts_school s ON s.id = g.school_id
GROUP BY r.programme_code, g.id, s.id;
"""

COUNTS = """
SELECT (SELECT count(*) FROM pg_temp.feed_person WHERE kind = 'new') AS new,
       (SELECT count(*) FROM pg_temp.feed_person WHERE kind = 'changed') AS changed,
       (SELECT count(*) FROM pg_temp.feed_person WHERE kind = 'unchanged') AS unchanged,
       (SELECT count(*) FROM pg_temp.feed_leaver) AS leavers,
       (SELECT count(*) FROM feed_refused) AS refused,
       (SELECT count(*) FROM pg_temp.feed_person WHERE 'returned' = ANY (fields)) AS returned,
       (SELECT count(*) FROM pg_temp.feed_course WHERE completes) AS completed,
       (SELECT count(*) FROM pg_temp.feed_person
        WHERE kind = 'changed' AND fields && %(serious)s::text[]) AS touched,
       (SELECT count(*) FROM accounts_user u WHERE (in_feed_since IS NOT NULL AND left_feed_on IS NULL)
        OR EXISTS (SELECT FROM pg_temp.feed_person p WHERE p.person_id = u.id)) AS before
"""


@dataclass(frozen=True, slots=True)
class FeedDifference:
    """`counts`: people by what happens to them. `fields`: how many people each field changes for."""

    counts: dict[str, int]
    fields: dict[str, int]
    catalogue: dict[str, list[str]]

    def is_large(self, percent: int, *, lately: int, is_cut: bool) -> bool:
        """Whether a person has to decide: too many people of the feed leave or change, together with the `lately`
        changed by the runs of the last days; too many people of the file are refused; or the file ends within a row
        and somebody is missing.
        """
        counts = self.counts
        touched = lately + counts["unlisted"] + counts["touched"]
        refused = counts["refused"] + counts["rows_of_nobody"]
        listed = counts["new"] + counts["changed"] + counts["unchanged"]
        return (
            touched * 100 > percent * counts["before"]
            or refused * 100 > percent * (listed + refused)
            or (is_cut and counts["unlisted"] > 0)
        )


def compare(*, adds_programmes: bool) -> FeedDifference:
    with connection.cursor() as cursor:
        cursor.execute(CLEAR)
        cursor.execute(REFUSED)
        if not adds_programmes:
            cursor.execute(UNKNOWN_PROGRAMMES_REFUSED)
        cursor.execute(ALIKE_REFUSED)
        cursor.execute(PEOPLE, {"guarded": sorted(GUARDED)})
        cursor.execute(EMAIL_TAKEN)
        while cursor.rowcount:
            cursor.execute(EMAIL_TAKEN)
        for statements in (COURSES, ROLES, DIFFERENCES, CONTENTS):
            cursor.execute(statements)
        cursor.execute(BATCHES, {"batch": BATCH})
        cursor.execute(LEAVERS)
        cursor.execute("SELECT count(*) FROM pg_temp.feed_leaver")
        unlisted = int(cursor.fetchone()[0])
        cursor.execute(NOBODY_LEAVES)
        cursor.execute(CATALOGUE)
    return _difference(unlisted)


def _difference(unlisted: int) -> FeedDifference:
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"serious": list(SERIOUS)})
        counts = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
        cursor.execute(
            "SELECT field, count(*) FROM (SELECT unnest(fields) AS field FROM pg_temp.feed_person"
            " WHERE kind = 'changed') each GROUP BY field ORDER BY count(*) DESC, field"
        )
        fields = dict(cursor.fetchall())
        cursor.execute("SELECT count(*) FROM (SELECT line FROM pg_temp.feed_bad WHERE university_id IS NULL) each")
        counts |= {"rows_of_nobody": cursor.fetchone()[0], "unlisted": unlisted}
    return FeedDifference(counts, fields, {name: _names(sql) for name, sql in CATALOGUE_REPORTS.items()})


CATALOGUE_REPORTS = {
    "new_schools": "SELECT name FROM pg_temp.feed_school WHERE id IS NULL",
    "changed_schools": "SELECT name || ': faculty ' || faculty FROM pg_temp.feed_school"
    " WHERE id IS NOT NULL AND NOT coalesce(differs, false) AND faculty <> faculty_now",
    "new_programmes": "SELECT name || ' (' || code || '), ' || school FROM pg_temp.feed_programme WHERE id IS NULL",
    "changed_programmes": """
        SELECT code || ': ' || concat_ws(', ', CASE WHEN name <> name_now THEN name_now || ' becomes ' || name END,
            CASE WHEN school <> school_now THEN 'moves from ' || school_now || ' to ' || school END,
            CASE WHEN has_placement_year <> placement_now THEN CASE WHEN has_placement_year
                THEN 'now has a placement year' ELSE 'no longer has a placement year' END END)
        FROM pg_temp.feed_programme WHERE id IS NOT NULL AND NOT coalesce(differs, false)
            AND (name <> name_now OR school <> school_now OR has_placement_year <> placement_now)""",
    "described_in_two_ways": "SELECT code FROM pg_temp.feed_programme WHERE differs"
    " UNION ALL SELECT name FROM pg_temp.feed_school WHERE differs",
}


def _names(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY 1 LIMIT {SHOWN}")
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [str(row[0]) for row in rows]
