"""Ids and programme codes that a spreadsheet may have changed. SQL over the temporary tables of a run."""

ALIKE_REFUSED = r"""
CREATE OR REPLACE FUNCTION pg_temp.alike(text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN lower(ltrim(regexp_replace($1, '\.0+$', ''), '0'));

WITH named AS (
    SELECT university_id, min(line) AS line, pg_temp.alike(university_id) AS key
    FROM (SELECT university_id, line FROM pg_temp.feed_row
          UNION ALL SELECT university_id, line FROM pg_temp.feed_bad WHERE university_id IS NOT NULL) each
    GROUP BY university_id),
known AS (
    SELECT university_id, pg_temp.alike(university_id) AS key FROM accounts_user WHERE university_id IS NOT NULL)
INSERT INTO feed_refused
SELECT n.university_id, n.line, 'This university_id is also written with other capitals or zeros, in this file or in '
    || 'an account. Write it in one way. If these are two people, an administrator adds this one by hand first.'
FROM named n
JOIN (SELECT key FROM (SELECT key, university_id FROM named UNION SELECT key, university_id FROM known) each
      GROUP BY key HAVING count(*) > 1) twice USING (key)
WHERE NOT EXISTS (SELECT FROM known k WHERE k.university_id = n.university_id)
ON CONFLICT DO NOTHING;

WITH named AS (
    SELECT DISTINCT programme_code AS code, pg_temp.alike(programme_code) AS key FROM pg_temp.feed_row),
known AS (SELECT code, pg_temp.alike(code) AS key FROM accounts_programme),
doubtful AS (
    SELECT n.code FROM named n
    JOIN (SELECT key FROM (SELECT key, code FROM named UNION SELECT key, code FROM known) each
          GROUP BY key HAVING count(*) > 1) twice USING (key)
    WHERE NOT EXISTS (SELECT FROM known k WHERE k.code = n.code))
INSERT INTO feed_refused
SELECT r.university_id, min(r.line), 'This programme_code is also written with other capitals or zeros, in this file '
    || 'or in our programmes. Write it in one way. If these are two, an administrator adds this one by hand first.'
FROM pg_temp.feed_row r JOIN doubtful d ON d.code = r.programme_code
GROUP BY r.university_id
ON CONFLICT DO NOTHING
"""
"""Spreadsheets remove zeros (`007` is written `7`, or `7.0`). Ids or codes that differ in no more than that, or in
capitals, may be one: a person decides, because guessing would give somebody another’s records."""
