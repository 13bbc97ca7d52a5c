"""Fills a migrated database: advisers, students, published time, bookings ahead and the history asked for.

Asked again for more past bookings, it adds what is missing. Everything is computed from its number, so that two
databases filled alike hold the same ids.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from appointments.models import AppointmentType
from bench.databases import NUMBERED
from bench.institution import seed_institution
from bench.visitors import seed_visitors
from foundation.values.times import local_day

WEEKS = 5
"""This week's rest and four whole ones have published time; half of it is booked already."""

A_DAY = 10
"""Slots of 40 minutes: five from 09:00, five from 13:30, the same for everybody."""

SLOT_STARTS = """
((day + time '09:00' + j * interval '40 minutes' + (j / 5) * interval '70 minutes') AT TIME ZONE %(zone)s)
"""

GIVEN = ["Amara", "Ben", "Chidi", "Dilys", "Ewan", "Farah", "Grace", "Hana", "José", "Katarzyna", "Liam", "Mary Jane",
         "Nasrin", "Oluwaseun", "Priya", "Seán", "Thandi", "Wei", "Yusuf", "Zoë"]  # fmt: skip
FAMILY = {
    "first": ["Wat", "O’Bri", "Oka", "Mac", "Fitz", "Nú", "Pan", "Smi", "Ada", "Kow", "Del", "Har", "Tay", "Zie", "Bel",
              "Cho", "Evan", "Gra", "Hug", "Iwo", "Jen", "Lew", "Mor", "Pat", "Qui", "Rob", "Ste", "Tho", "Ulr", "Vas",
              "Yam", "Ash", "Bro", "Cla", "Dav", "Edw", "Fra", "Gup", "Kha", "Lop", "Mur"],
    "middle": ["so", "fo", "den", "le", "ra", "ti", "wal", "gor", "ne", "mi", "ber", "ki", "da", "sha", "ru", "lin"],
    "last": ["n", "r", "son", "ley", "ska", "th", "nez", "ford", "man", "dottir", "wu"],
}  # fmt: skip
"""7,216 family names, each of about seven people; 2 % begin alike."""

PEOPLE = """
INSERT INTO accounts_user (id, password, public_id, university_id, email, given_name, family_name, preferred_name,
                           phone, roles, is_active, joined_at)
SELECT n, '!bench', pg_temp.public_id('u', n), 'S' || lpad(n::text, 8, '0'), 'person' || n || '@example.ac.uk',
       (%(given)s)[1 + n %% 20],
       (%(first)s)[1 + n * 7 %% 41] || (%(middle)s)[1 + n / 3 %% 16] || (%(last)s)[1 + n / 5 %% 11], '',
       '+447700900' || lpad((n %% 1000)::text, 3, '0'),
       ARRAY[CASE WHEN n <= %(advisers)s THEN 'adviser' ELSE 'student' END], true, %(now)s
FROM generate_series(1, %(advisers)s + %(students)s) n
"""

NEEDS = """
INSERT INTO accounts_accessneeds (person_id, text, declares_disability)
SELECT n, '', true FROM generate_series(1, %(advisers)s + %(students)s) n WHERE n %% 10 = 0
"""

COURSES = """
INSERT INTO accounts_enrolment (student_id, programme_id, level, mode, status, fee_status, year_of_study, started_on)
SELECT n, (SELECT min(id) FROM accounts_programme) + n %% 40,
       (ARRAY['undergraduate', 'undergraduate', 'undergraduate', 'postgraduate_taught'])[1 + n %% 4], 'full_time',
       'current', CASE WHEN n %% 4 = 0 THEN 'overseas' ELSE 'home' END, 1 + n %% 3, %(today)s - 400
FROM generate_series(%(advisers)s + 1, %(advisers)s + %(students)s) n
"""

RESULTS = """
INSERT INTO eligibility_activityresult (student_id, activity_id, completed_on, count)
SELECT n, activity.id, CASE WHEN activity.slug = 'cv-essentials' THEN %(today)s - 30 END, 0
FROM generate_series(%(advisers)s + 1, %(advisers)s + %(students)s) n CROSS JOIN eligibility_activity activity
WHERE n %% 3 = 0
"""

BLOCKS = """
INSERT INTO appointments_diaryblock (public_id, adviser_id, during, local_date)
SELECT pg_temp.public_id('b', row_number() OVER ()), adviser,
       tstzrange((day + starts) AT TIME ZONE %(zone)s, (day + starts + interval '200 minutes') AT TIME ZONE %(zone)s),
       day
FROM generate_series(1, %(advisers)s) adviser,
     (SELECT %(monday)s + n AS day FROM generate_series(0, 7 * %(weeks)s - 1) n WHERE n %% 7 < 5) days,
     (VALUES (time '09:00'), (time '13:30')) parts (starts)
WHERE day > %(today)s
"""

OFFERED = """
INSERT INTO appointments_diaryblock_types (diaryblock_id, appointmenttype_id)
SELECT block.id, type.id FROM appointments_diaryblock block CROSS JOIN appointments_appointmenttype type
WHERE block.adviser_id <= CASE type.slug WHEN 'guidance-by-one' THEN 1 WHEN 'guidance-by-ten' THEN 10 ELSE 1000000 END
"""

PLACES = """
INSERT INTO appointments_diaryblock_locations (diaryblock_id, location_id)
SELECT block.id, location.id FROM appointments_diaryblock block
JOIN appointments_location location ON NOT location.exclusive OR location.name = 'Room ' || block.adviser_id
"""

BOOKINGS = """
INSERT INTO appointments_booking (public_id, type_id, student_id, adviser_id, location_id, room_id, mode, during,
    occupies, local_date, session, seat, status, consumes, topic, help_wanted, answers,
    recording_permission, booked_by_id, booked_at, override_reason, sequence, ended_at, ended_by_id, status_reason)
SELECT booking.id, guidance.id, student, adviser, room.id, room.id, 'in_person',
       tstzrange(starts, starts + interval '30 minutes'), tstzrange(starts, starts + interval '40 minutes'), day,
       booking.id, 1, status, true, 'Further study', 'I would like to talk through what I could do after my degree.',
       '{{}}',
       false, student, starts - interval '4 days', '', 0,
       CASE status WHEN 'booked' THEN NULL ELSE starts END, CASE status WHEN 'booked' THEN NULL ELSE adviser END, ''
FROM ({which}) booking
JOIN appointments_appointmenttype guidance ON guidance.slug = 'guidance'
JOIN appointments_location room ON room.name = 'Room ' || adviser
"""

PAST = f"""
SELECT pg_temp.public_id('p', n) AS id, %(advisers)s + 1 + (n * 7919) %% %(students)s AS student,
       1 + n %% %(advisers)s AS adviser, {SLOT_STARTS} AS starts, day,
       CASE WHEN n %% 10 < 8 THEN 'attended' WHEN n %% 10 = 8 THEN 'missed' ELSE 'cancelled' END AS status
FROM generate_series(%(there)s::bigint, %(past)s - 1) n,
     LATERAL (SELECT ((n / %(advisers)s) %% {A_DAY})::int AS j, (n / %(advisers)s / {A_DAY})::int AS w) slot,
     LATERAL (SELECT %(monday)s - 7 * (w / 5 + 1) + w %% 5 AS day) dated
"""
"""From last Friday's week backwards, five days a week, every adviser's slots in turn; each student once per round."""

AHEAD = f"""
SELECT pg_temp.public_id('a', adviser * 1000 + w * 10 + j) AS id,
       %(advisers)s + %(students)s + 1 - row_number() OVER (ORDER BY w, j, adviser) AS student,
       adviser, {SLOT_STARTS} AS starts, day, 'booked' AS status
FROM generate_series(1, %(advisers)s) adviser, generate_series(0, {A_DAY} - 1) j,
     generate_series(0, 5 * %(weeks)s - 1) w,
     LATERAL (SELECT %(monday)s + 7 * (w / 5) + w %% 5 AS day) dated
WHERE day > %(today)s AND (adviser + w + j) %% 2 = 0
LIMIT %(students)s / 2
"""
"""Every other slot; each has a student of its own, from the end of the list."""

USES = """
INSERT INTO eligibility_allocationuse
  (student_id, policy_id, source_kind, source_id, "on", ends_at, period_key, ordinal, consumes)
SELECT booking.student_id, policy.id, 'booking', booking.public_id, booking.local_date, upper(booking.during),
       CASE policy.period WHEN 'semester' THEN booking.public_id ELSE '' END, 1, true
FROM appointments_booking booking
JOIN eligibility_allocationpolicy policy ON policy.slug IN ('semester', 'fortnight')
WHERE booking.status <> 'cancelled' AND booking.id > %(before)s
"""

AUDIT = """
INSERT INTO accounts_auditentry (at, actor_id, action, subject, subject_id, student_id, details)
SELECT booked_at, student_id, 'booked', 'booking', public_id, student_id, '{"counts": true}'
FROM appointments_booking WHERE id > %(before)s
"""

OUTBOX = """
INSERT INTO messaging_outboxmessage (public_id, kind, channel, purpose, recipient_id, to_address, context, regarding,
    dedupe_key, not_before, state, try_at, attempts, strikes, provider, provider_id, reason, subject, body_text,
    body_html, attachments, message_id, created_at, sent_at)
SELECT translate(public_id, 'pa', 'mn'), 'appointments.booked', 'email', 'service', student_id, '', '{}', public_id,
       'appointments.booked:' || public_id || ':0', booked_at, 'sent', booked_at, 1, 0, 'tray', '', '', 'Booked', '',
       '', '[]', '', booked_at, booked_at
FROM appointments_booking WHERE id > %(before)s
"""

TABLES = [
    "accounts_user",
    "accounts_enrolment",
    "accounts_auditentry",
    "appointments_booking",
    "appointments_diaryblock",
    "appointments_diaryblock_types",
    "appointments_diaryblock_locations",
    "eligibility_allocationuse",
    "eligibility_activityresult",
    "messaging_outboxmessage",
    "django_session",
    "accounts_apitoken",
]


def fill(advisers: int, students: int, past: int) -> None:
    """History, and what hangs on each booking, in a few statements that check no foreign keys."""
    now = timezone.now()
    today = local_day(now)
    numbers: dict[str, Any] = {
        "advisers": advisers,
        "students": students,
        "past": past,
        "there": _one("SELECT count(*) FROM appointments_booking WHERE public_id LIKE 'p%'"),
        "before": _one("SELECT coalesce(max(id), 0) FROM appointments_booking"),
        "now": now,
        "today": today,
        "monday": today - timedelta(days=today.weekday()),
        "weeks": WEEKS,
        "zone": "Europe/London",
        "given": GIVEN,
        **FAMILY,
    }
    with connection.cursor() as cursor:
        cursor.execute(NUMBERED)
        cursor.execute("SET session_replication_role = replica; SET statement_timeout = 0; SET work_mem = '256MB'")
        if not AppointmentType.objects.exists():
            seed_institution(advisers, today)
            for sql in (PEOPLE, NEEDS, COURSES, RESULTS, BLOCKS, OFFERED, PLACES, BOOKINGS.format(which=AHEAD)):
                cursor.execute(sql, numbers)
            cursor.execute("SELECT setval('accounts_user_id_seq', %(advisers)s + %(students)s)", numbers)
            seed_visitors(advisers, students)
        for sql in (BOOKINGS.format(which=PAST), USES, AUDIT, OUTBOX):
            cursor.execute(sql, numbers)
        cursor.execute("RESET session_replication_role; RESET statement_timeout; RESET work_mem")
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")


def _one(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        number: int = cursor.fetchone()[0]
    return number
