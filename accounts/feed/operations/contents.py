"""From what to what people change. SQL over the temporary tables of a run."""

CONTENTS = """
UPDATE pg_temp.feed_person p SET contents = (
    SELECT coalesce(jsonb_agg(jsonb_build_array(field, before, after)), '[]')
    FROM (VALUES ('given_name', u.given_name, p.given_name), ('family_name', u.family_name, p.family_name),
                 ('preferred_name', u.preferred_name, p.preferred_name), ('email', u.email, p.email),
                 ('role', CASE WHEN u.roles @> '{graduate}' THEN 'graduate' WHEN u.roles @> '{student}' THEN
                  'student' END, p.role)) each (field, before, after)
    WHERE field = ANY (p.fields))
FROM accounts_user u WHERE u.id = p.person_id AND p.kind = 'changed';

UPDATE pg_temp.feed_person p SET contents = p.contents || said.contents
FROM (SELECT university_id, jsonb_agg(content) AS contents FROM (
          SELECT c.university_id, jsonb_build_array(field, before, after, c.programme_code) AS content
          FROM pg_temp.feed_course c LEFT JOIN accounts_enrolment e ON e.id = c.enrolment_id
          CROSS JOIN LATERAL (
              VALUES ('level', e.level, c.level), ('mode', e.mode, c.mode), ('status', e.status, c.status),
                     ('year_of_study', e.year_of_study::text, c.year_of_study::text),
                     ('expected_end', e.expected_end_on::text, c.expected_end_on::text),
                     ('completion', e.completed_on::text, c.completed_on::text),
                     ('course_added', NULL, NULL), ('course_back', NULL, NULL)) each (field, before, after)
          WHERE field = ANY (c.fields)
          UNION ALL
          SELECT gone.university_id, jsonb_build_array('course_gone', NULL, NULL, g.code)
          FROM pg_temp.feed_gone gone JOIN accounts_enrolment e ON e.id = gone.enrolment_id
          JOIN accounts_programme g ON g.id = e.programme_id) each
      GROUP BY university_id) said
WHERE said.university_id = p.university_id AND p.kind = 'changed'
"""
"""What each field was and becomes, and of which course. Telephone numbers and fee status are confidential
(`words.CONFIDENTIAL`)."""
