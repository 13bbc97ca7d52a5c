"""Finds rows about a booking or query that no longer exists."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from eligibility.models import Strike
from foundation.values.sources import Source, SourceKind
from foundation.values.times import database_now
from tests.cast import Cast
from tests.factories import stored_booking

pytestmark = pytest.mark.django_db


def check() -> str:
    out = StringIO()
    call_command("check_sources", stdout=out)
    return out.getvalue()


def test_existing_sources_and_absences_recorded_by_hand_are_no_orphans(cast: Cast) -> None:
    past = stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now().replace(hour=1))
    Strike.objects.create(student=cast.student, on=cast.day, **past.source.fields)
    by_hand = Source(SourceKind.ABSENCE, "a00000000001")
    Strike.objects.create(student=cast.student, on=cast.day, **by_hand.fields)
    assert "exists" in check()


@pytest.mark.parametrize("kind", [SourceKind.BOOKING, SourceKind.QUERY])
def test_orphans_are_named(cast: Cast, kind: SourceKind) -> None:
    Strike.objects.create(student=cast.student, on=cast.day, source_kind=kind, source_id="g00000000001")
    with pytest.raises(CommandError, match="1 row "):
        check()
