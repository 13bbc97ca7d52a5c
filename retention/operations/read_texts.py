"""Records that an officer reads people's data to decide about it, before it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps

from accounts.models import User
from accounts.operations.record_audit import Subject, record_audit
from accounts.operations.record_reading import record_reading
from foundation.outcomes.refusals import in_one_transaction
from retention.exports.read_copy import part_of_copy
from retention.models import PackageState, PurgeRun, RightsRequest, TextMention
from retention.selectors.copy import Record
from retention.selectors.due_people import DuePerson, due_rows, night_of
from retention.selectors.overview import MentionInText, places_of


@in_one_transaction
def read_places(*, mentions: Sequence[TextMention], by: User) -> list[MentionInText]:
    """The texts around the mentions. Records nothing if there are none."""
    if mentions:
        record_audit(actor=by, action="names_read", on=Subject("text_mention"), count=len(mentions))
    return places_of(mentions)


@in_one_transaction
def read_night(*, run: PurgeRun, people: Sequence[User], by: User) -> list[DuePerson]:
    """The people of a night's list by name. Records nothing if there are none."""
    if people:
        record_audit(actor=by, action="purge_list_read", on=run, count=len(people))
    return due_rows(people, night_of(run), by)


OPENED = {
    "appointments.BookingNote": "booking_notes",
    "appointments.BookingNeeds": "booking_access_needs",
    "accounts.AccessNeeds": "access_needs",
}
"""Tables whose readings the person sees, wherever somebody opens them (`READ_SUBJECTS`)."""


@in_one_transaction
def read_copy_part(*, request: RightsRequest, key: str, by: User) -> list[tuple[str, Record]]:
    """A part of the copy as the person will read it. Raises Refused as `part_of_copy` does."""
    rows, person = part_of_copy(request, key), request.person
    record_audit(actor=by, action="copy_part_read", on=request, student=person, part=key, count=len(rows))
    tables = {table for table, _ in rows}
    for model, subject in OPENED.items():
        if str(apps.get_model(model)._meta.verbose_name) in tables:
            record_reading(reader=by, on=Subject(subject), student=person)
    return rows


@in_one_transaction
def record_names_read(*, request: RightsRequest, by: User) -> None:
    """Records reading the names found in a copy that is waiting for release."""
    package = request.packages.first()
    if package is not None and package.state == PackageState.READY and package.candidates:
        record_audit(
            actor=by, action="copy_names_read", on=request,
            student=request.person, count=len(package.candidates),
        )  # fmt: skip
