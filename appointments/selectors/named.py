"""What a request names by public id, fetched together: a booking is made from few queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from accounts.models import CAREERS_STAFF, Role, User
from appointments.models import AppointmentType, Location

PERSON = ("id", "public_id", "given_name", "family_name", "preferred_name", "roles", "is_active", "phone")
PLACE = tuple(field.attname for field in Location._meta.concrete_fields)


@dataclass(frozen=True, slots=True)
class Named:
    """None where an id stands for nothing. The people and the place carry what is shown; the rest is deferred."""

    type: AppointmentType
    adviser: User | None
    location: Location | None
    student: User | None


def find_type(named: str) -> AppointmentType | None:
    """One query. By public id or slug, offered or not."""
    return AppointmentType.objects.filter(Q(public_id=named) | Q(slug=named)).first()


def find_named(*, type: str, adviser: str, location: str, student: str = "") -> Named | None:
    """Two queries: one for all four, one for the policies of the type. None where the type is unknown.

    An adviser is somebody of the careers staff, a student somebody with bookings: nobody else is found.
    """
    advisers = User.objects.filter(public_id=adviser, roles__overlap=list(CAREERS_STAFF))
    students = User.objects.filter(public_id=student, roles__overlap=[Role.STUDENT, Role.GRADUATE])
    found = (
        AppointmentType.objects.with_rules()
        .filter(Q(public_id=type) | Q(slug=type))
        .annotate(
            adviser_row=_row(advisers, PERSON),
            location_row=_row(Location.objects.filter(public_id=location), PLACE),
            student_row=_row(students, PERSON),
        )
        .first()
    )
    if found is None:
        return None
    rows: dict[str, Any] = found.__dict__
    return Named(
        found,
        _instance(User, rows["adviser_row"]),
        _instance(Location, rows["location_row"]),
        _instance(User, rows["student_row"]),
    )


def _row(rows: QuerySet[Any], fields: tuple[str, ...]) -> Subquery:
    return Subquery(rows.values(row=JSONObject(**{field: field for field in fields})))


def _instance(model: type[Any], row: dict[str, Any] | None) -> Any:
    if row is None:
        return None
    names = [field.attname for field in model._meta.concrete_fields if field.attname in row]
    instance: Model = model.from_db("default", names, [row[name] for name in names])
    return instance
