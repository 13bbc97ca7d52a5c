"""What waits for a student, from every app: each with one sentence and one link."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django.urls import reverse

from accounts.models import Status, User
from accounts.rules.keep_access import is_asked
from accounts.rules.sign_on import sign_on_ends_on
from accounts.selectors.keep_access import keep_access_of
from appointments.models import BookingStatus
from appointments.selectors.student_bookings import ShownBooking
from appointments.selectors.student_types import TypeOffer, TypeOffers
from documents.rules.reasons import why_refused
from documents.selectors.documents import refused_documents
from eligibility.models.conditions import DidActivity, RuleProblem
from eligibility.rules.facts import Context
from eligibility.rules.situations import Situation, wanted
from eligibility.selectors.activities import ActivityStanding
from foundation.db.extra_columns import STUDENT, ExtraColumn, rows_column, rows_of
from foundation.values.counted import counted
from foundation.values.times import spoken_day
from messaging.rules.heartbeats import usable_mobile
from queries.selectors.inbox import new_replies


@cache
def waiting_columns() -> tuple[ExtraColumn, ExtraColumn]:
    """New replies and refused documents, asked for together with the facts about a student."""
    return (
        rows_column(new_replies(STUDENT), subject="subject", public_id="public_id"),
        rows_column(
            refused_documents(STUDENT), reason="reason", name="document__name", public_id="document__public_id"
        ),
    )


def waiting(
    user: User,
    found: Sequence[Any],
    context: Context,
    bookings: Iterable[ShownBooking],
    offered: TypeOffers,
    standings: Iterable[ActivityStanding],
) -> list[Situation]:
    """No query, and one for people whose University account ends soon. The most urgent comes first.

    `found` answers `waiting_columns`.
    """
    replies, refused = map(rows_of, found)
    said = [
        *_about_replies(replies),
        *_about_bookings(bookings),
        *_about_documents(refused),
        *_about_access(user, context),
        *_about_phone(user, context),
        *_about_activities(offered, standings),
    ]
    return [each for each in said if each.url]


def _about_bookings(bookings: Iterable[ShownBooking]) -> Iterator[Situation]:
    for shown in bookings:
        booking = shown.booking
        if shown.must_move:
            yield Situation(
                "must_move",
                f"We need to move {booking.type.name.lower()} on {spoken_day(booking.local_date)}",
                "It can’t take place then. Choose another time, or cancel: it won’t count.",
                reverse("booking_move", args=[booking.public_id]),
                "Choose another time",
                "calendar-clock",
            )
        elif booking.status == BookingStatus.MISSED:
            yield Situation(
                "missed_lately",
                f"We missed you on {spoken_day(booking.local_date)}",
                "We hope you are well. If something serious kept you from coming, tell us: you may be given another "
                "appointment.",
                reverse("strike_list"),
                "Tell us what happened",
                "user",
            )
        elif shown.unanswered and shown.may_change:
            yield Situation(
                "unanswered",
                f"Tell your adviser a little more before {booking.type.name.lower()}",
                "A few questions help them to prepare.",
                reverse("booking_prepare", args=[booking.public_id]),
                "Answer the questions",
                "notebook-pen",
            )


def _about_replies(replies: Sequence[Mapping[str, str]]) -> Iterator[Situation]:
    match replies:
        case []:
            return
        case [query]:
            url, about = reverse("query_detail", args=[query["public_id"]]), f"About: {query['subject']}"
            yield Situation("new_reply", "You have a new reply", about, url, "Read the reply", "inbox")
        case several:
            title = f"You have {counted(len(several), 'new reply')}"
            url = reverse("query_list")
            yield Situation("new_reply", title, "Our answers to your queries.", url, "Go to my queries", "inbox")


def _about_documents(refused: Iterable[Mapping[str, str]]) -> Iterator[Situation]:
    """Documents whose newest version was refused, until there is another or they are deleted."""
    for version in refused:
        why, url = why_refused(version["reason"]), reverse("document_detail", args=[version["public_id"]])
        title, text = f"We could not accept “{version['name']}”", f"{why.message} {why.remedy}"
        yield Situation("document_refused", title, text, url, "Go to this document", "file-text")


def _about_access(user: User, context: Context) -> Iterator[Situation]:
    """One more query for people whose University sign-on ends soon and who have an address but no password."""
    today, policy = context.facts.today, context.policy
    ends = [course.ends_on for course in context.facts.courses if course.status != Status.WITHDRAWN]
    ends_on = sign_on_ends_on(ends, policy.sign_on_days_after_course)
    if ends_on is None or not is_asked(ends_on, today, policy) or keep_access_of(user, ends_on).is_ready:
        return
    said = "ended" if today > ends_on else "ends"
    yield Situation(
        "address_ending",
        "Keep your access",
        f"Your University account {said} on {spoken_day(ends_on)}. Add your own email address and a passkey or "
        "password, and you can still sign in here. It takes two minutes.",
        reverse("keep_access"),
        "Keep your access",
        "key",
    )


def _about_phone(user: User, context: Context) -> Iterator[Situation]:
    if context.policy.reminder_by_text and user.text_reminders and not usable_mobile(user.phone):
        yield Situation(
            "no_mobile",
            "Add a mobile number",
            "Then we can also remind you by text.",
            f"{reverse('profile_edit')}#id_phone",
            "Go to your profile",
            "smartphone",
        )


def _about_activities(offered: TypeOffers, standings: Iterable[ActivityStanding]) -> Iterator[Situation]:
    wanting = [(offer, list(_activities(offer))) for offer in offered.closed if _only_activities_missing(offer)]
    links = {each.activity.slug: each.activity.link for each in standings}
    for offer, asks in wanting:
        text = " ".join(reason.remedy for reason in offer.decision.reasons)
        link = next((links[asked.activity] for asked in asks if links.get(asked.activity)), "")
        yield Situation("unlock", f"Unlock {offer.type.name.lower()}", text, link, "Go there", "key")


def _only_activities_missing(offer: TypeOffer) -> bool:
    return all(refusal.code == "activity_needed" for refusal in offer.decision.reasons)


def _activities(offer: TypeOffer) -> list[DidActivity]:
    try:
        return [each for each in wanted(offer.type.audience.condition) if isinstance(each, DidActivity)]
    except RuleProblem:
        return []
