"""Fetches all that a booking request names by public id in few queries."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model, Q

from accounts.models import CAREERS_STAFF, Role, User
from appointments.models import AppointmentType
from eligibility.models import AllocationPolicy, Audience
from foundation.db.prepared import Prepared
from places.models import Location

PERSON = ("id", "public_id", "given_name", "family_name", "preferred_name", "roles", "is_active", "phone")
PLACE = tuple(field.attname for field in Location._meta.concrete_fields)


@dataclass(frozen=True, slots=True)
class BookingTargets:
    """Each member is None if the id is unknown.

    People and place have only the fields that are shown; others are deferred.
    """

    type: AppointmentType
    adviser: User | None
    location: Location | None
    student: User | None


def find_type(named: str) -> AppointmentType | None:
    """One query. By public id or slug, offered or not."""
    return AppointmentType.objects.filter(Q(public_id=named) | Q(slug=named)).first()


def _object(fields: tuple[str, ...]) -> str:
    return "json_build_object({})::text".format(", ".join(f"'{field}', {field}" for field in fields))


PEOPLE_AND_PLACE = f"""
  (SELECT {_object(PERSON)} FROM accounts_user WHERE public_id = %(adviser)s AND roles && %(advising)s::varchar[]),
  (SELECT {_object(PLACE)} FROM appointments_location WHERE public_id = %(location)s),
  (SELECT {_object(PERSON)} FROM accounts_user WHERE public_id = %(student)s AND roles && %(studying)s::varchar[])
"""  # noqa: S608 - field names only
"""Written in SQL: building the same query with the ORM took 5 ms of CPU per booking, three times as long as running it.

Only careers staff are found as advisers, and only people with student roles as students.
"""

RULES = """
  row_to_json(type)::text, row_to_json(audience)::text,
  (SELECT json_agg(json_build_array(row_to_json(policy), row_to_json(its)) ORDER BY policy.name, policy.id)
   FROM appointments_appointmenttype_policies counted
   JOIN eligibility_allocationpolicy policy ON policy.id = counted.allocationpolicy_id
   LEFT JOIN eligibility_audience its ON its.id = policy.audience_id
   WHERE counted.appointmenttype_id = type.id)::text
"""

JOINED = "FROM appointments_appointmenttype type JOIN eligibility_audience audience ON audience.id = type.audience_id"
OF_TYPE = f"""{JOINED}
WHERE type.slug = %(named)s OR type.public_id = %(named)s
ORDER BY type.public_id = %(named)s DESC LIMIT 1
"""

OFFERED = Prepared(f"SELECT {RULES} {JOINED} WHERE type.is_offered ORDER BY type.order, type.name")
TYPE = Prepared(f"SELECT {RULES} {OF_TYPE}")
REST = Prepared(f"SELECT {PEOPLE_AND_PLACE}")
ALL = Prepared(f"SELECT {RULES}, {PEOPLE_AND_PLACE} {OF_TYPE}")


def find_type_with_rules(named: str) -> AppointmentType | None:
    """One query. Like `with_rules`, for one type by public id or slug, offered or not."""
    with connection.cursor() as cursor:
        TYPE.execute(cursor, {"named": named})
        row = cursor.fetchone()
    return None if row is None else _type(*row)


def offered_types_with_rules() -> list[AppointmentType]:
    """One query. Like `offered().with_rules()`, which takes two; for the pages opened most often."""
    with connection.cursor() as cursor:
        OFFERED.execute(cursor, [])
        return [_type(*row) for row in cursor.fetchall()]


def find_named(*, type: str, adviser: str, location: str, student: str = "") -> BookingTargets | None:
    """One query: the type with its rules, the people and the place. None if the type is unknown."""
    with connection.cursor() as cursor:
        asked = {"named": type, **_asked(adviser, location, student)}
        ALL.execute(cursor, asked)
        row = cursor.fetchone()
    return None if row is None else BookingTargets(_type(*row[:3]), *_people_and_place(row[3:]))


def find_people_and_place(*, adviser: str, location: str, student: str = "") -> tuple[Any, Any, Any]:
    """One query: adviser, location and student."""
    with connection.cursor() as cursor:
        REST.execute(cursor, _asked(adviser, location, student))
        return _people_and_place(cursor.fetchone())


def _asked(adviser: str, location: str, student: str) -> dict[str, Any]:
    return {
        "adviser": adviser,
        "location": location,
        "student": student,
        "advising": [str(role) for role in CAREERS_STAFF],
        "studying": [str(Role.STUDENT), str(Role.GRADUATE)],
    }


def _people_and_place(texts: Sequence[str | None]) -> tuple[Any, Any, Any]:
    adviser, location, student = (json.loads(text) if text else None for text in texts)
    return _instance(User, adviser), _instance(Location, location), _instance(User, student)


def _type(row: str, audience: str, limits: str | None) -> AppointmentType:
    type: AppointmentType = _instance(AppointmentType, json.loads(row))
    type.audience = _instance(Audience, json.loads(audience))
    type.limits = [_policy(*pair) for pair in json.loads(limits or "[]")]
    return type


def _policy(policy: dict[str, Any], audience: dict[str, Any] | None) -> AllocationPolicy:
    made: AllocationPolicy = _instance(AllocationPolicy, policy)
    made.audience = _instance(Audience, audience)
    return made


def _instance(model: type[Model], row: dict[str, Any] | None) -> Any:
    """A model instance as if fetched. Fields missing from the row are deferred."""
    if row is None:
        return None
    fields = [
        (field, row[field.column]) for field in model._meta.concrete_fields if field.column and field.column in row
    ]
    values = [None if value is None else field.to_python(value) for field, value in fields]
    return model.from_db("default", [field.attname for field, _ in fields], values)
