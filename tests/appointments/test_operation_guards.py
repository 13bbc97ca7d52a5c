"""Operations check who acts, whatever calls them: they do not rely on the pages in front of them."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest

from accounts.models import AuditEntry, User
from appointments.models import Booking, DiaryBlock, DiaryTemplate
from appointments.operations.attach import attach_documents
from appointments.operations.attendance import mark_attendance
from appointments.operations.book import book_appointment
from appointments.operations.choice import Details
from appointments.operations.details import change_details, set_recording_permission
from appointments.operations.diary import add_block, delete_template, publish_template, save_template
from appointments.rules.attendance import may_mark_as
from documents.operations.upload import upload_document
from eligibility.models import StrikeReview
from eligibility.operations.close_review import close_review
from eligibility.rules.calendar import AcademicCalendar
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now
from tests.cast import Cast
from tests.documents.papers import pdf
from tests.factories import stored_booking

pytestmark = [pytest.mark.django_db, pytest.mark.policy("SEC-2", "APPT-4")]


def booking(cast: Cast) -> Booking:
    return book_appointment(student=cast.student, choice=cast.choice(), details=Details(), by=cast.student)


def template(cast: Cast) -> DiaryTemplate:
    return DiaryTemplate.objects.create(adviser=cast.adviser, weekday=0, starts=time(9), ends=time(12))


def attach(cast: Cast, by: User) -> None:
    document = upload_document(owner=by, content=pdf(), filename="cv.pdf", kind="cv", by=by)
    attach_documents(booking=booking(cast), documents=[document], by=by)


def mark(cast: Cast, by: User) -> None:
    begun = stored_booking(cast.student, cast.adviser, cast.type, cast.room, database_now() - timedelta(hours=1))
    mark_attendance(booking=begun, outcome="arrived", by=by)


def block(cast: Cast, by: User) -> None:
    day = cast.day + timedelta(days=7)
    add_block(
        adviser=cast.adviser, day=day, starts=time(9), ends=time(10), types=[cast.type], locations=[cast.room], by=by
    )


def publish(cast: Cast, by: User) -> None:
    publish_template(
        template=template(cast), first=cast.day, last=cast.day + timedelta(days=14), calendar=AcademicCalendar(), by=by
    )


def close(cast: Cast, by: User) -> None:
    review = StrikeReview.objects.create(
        student=cast.student, rule="appointment", step="review", strikes=2, opened_at=database_now()
    )
    close_review(review=review, outcome="contacted", words="We talked.", by=by)


Act = Callable[[Cast, User], object]

ACTS: dict[str, tuple[Act, str]] = {
    "attach to another's booking": (attach, "other_student"),
    "mark one's own arrival": (mark, "student"),
    "change what another told": (lambda cast, by: change_details(booking=booking(cast), details=Details(), by=by),
                                 "other_student"),
    "permit a recording for the student": (
        lambda cast, by: set_recording_permission(booking=booking(cast), given=False, by=by), "adviser"),
    "word another's template": (
        lambda cast, by: save_template(template=template(cast), types=[], locations=[], by=by), "other_adviser"),
    "delete another's template": (lambda cast, by: delete_template(template=template(cast), by=by), "other_adviser"),
    "publish another's template": (publish, "other_adviser"),
    "publish for another": (block, "other_adviser"),
    "close a review": (close, "adviser"),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTS)
def test_people_without_permission_are_refused_and_nothing_changes(cast: Cast, name: str) -> None:
    act, who = ACTS[name]
    by = getattr(cast, who)
    before = DiaryBlock.objects.count()
    with pytest.raises(Refused) as refused:
        act(cast, by)
    assert (refused.value.code, refused.value.status) == ("not_yours", 403)
    assert DiaryBlock.objects.count() == before
    kept = AuditEntry.objects.filter(actor=by).exclude(action="document_uploaded")
    assert not kept.exclude(actor=cast.student).exists()


def test_the_desk_marks_arrivals_only_for_the_service(cast: Cast) -> None:
    """The operation's own refusal must come first; the rule behind it has the same code."""
    with pytest.raises(Refused) as refused:
        mark(cast, cast.student)
    assert (refused.value.code, refused.value.status) == ("not_yours", 403)
    of_the_rule = may_mark_as(cast.student, "arrived")
    assert of_the_rule.code == "not_yours"
    assert refused.value.message != of_the_rule.message
    assert not refused.value.remedy, "it is not for the adviser to help"
