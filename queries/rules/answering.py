"""Who may do what with a query, and when an answer is due. Writes nothing."""

from datetime import date, datetime

from accounts.models import User
from eligibility.rules.calendar import AcademicCalendar
from foundation.outcomes.decisions import ALLOWED, Decision, refuse
from foundation.values.times import local_day
from queries.models import Category, Query, categories_answered_by

NOT_YOURS = "not_yours"


def answers(by: User, query: Query) -> bool:
    """Nobody may answer their own query."""
    return query.person_id != by.pk and query.category in categories_answered_by(by)


def may_answer(by: User, query: Query) -> Decision:
    return ALLOWED if answers(by, query) else refuse(NOT_YOURS, "Other colleagues answer this query.")


def may_settle(by: User) -> Decision:
    """Careers staff may handle emails that opened no query, because these would be general queries."""
    if by.is_active and by.is_careers_staff:
        return ALLOWED
    return refuse(NOT_YOURS, "Only careers staff can handle these emails.")


def may_write(by: User, query: Query) -> Decision:
    """Only the person may write in their own query."""
    if query.person_id != by.pk:
        return refuse(NOT_YOURS, "You can only write in your own queries.")
    return ALLOWED


def may_decide(by: User, query: Query) -> Decision:
    """Only advisers and managers decide extenuating circumstances, never the front desk (ELIG-2)."""
    if query.category != Category.CIRCUMSTANCES or not by.may_read_notes or not answers(by, query):
        return refuse(NOT_YOURS, "Only advisers and managers can decide extenuating circumstances.")
    return ALLOWED


def undecided(query: Query) -> Decision:
    if query.decision:
        who = f" by {query.decided_by.name}" if query.decided_by else ""
        words = f"This was decided already{who}: {query.get_decision_display()}."
        return refuse("decided_already", words, "Read the decision. Reply to the student if there is more to say.")
    if query.strike is None:
        return refuse(
            "no_absence", "This query does not say which appointment was missed.", "Ask the student which one it was."
        )
    return ALLOWED


def may_merge(query: Query, into: Query) -> Decision:
    if query.pk == into.pk:
        return refuse("same_query", "A query cannot be merged into itself.", "Choose another query.")
    if not may_be_of(query, into):
        return refuse(
            "other_person", "You can only merge queries from the same person.", "Choose another query from this person."
        )
    if into.merged_into_id is not None or query.merged_into_id is not None:
        return refuse("merged_already", "One of these has already been merged.", "Open the query it was merged into.")
    if query.category == Category.APPEAL and into.category != Category.APPEAL and is_undecided(query):
        return refuse(
            "undecided_appeal",
            "You can only merge an undecided appeal into another appeal.",
            "Reply to the appeal first, or merge the other query into it.",
        )
    if query.decision:
        return refuse(
            "decided_already",
            "You cannot merge a query that has a decision into another.",
            "Merge the other query into this one.",
        )
    return ALLOWED


def may_be_of(query: Query, into: Query) -> bool:
    """Both are from one person, or an email that proves no sender goes to where a colleague says that it belongs.

    Never the other way round: whoever wrote the email must not get the replies to a person's query. A person's query
    and its confidential kinds stay with those who answer them.
    """
    if query.person_id is not None:
        return query.person_id == into.person_id
    if into.person_id is None:
        return query.from_address.casefold() == into.from_address.casefold()
    return True


def may_undo_merge(query: Query, into: Query) -> Decision:
    if query.merged_into_id != into.pk or not query.before_merge:
        return refuse("merge_undone", "This query is not merged any more.", "Nothing more needs doing.")
    if into.merged_into_id is not None:
        return refuse("merged_already", "That query was merged into another one.", "Undo that first.")
    return ALLOWED


def is_undecided(query: Query) -> bool:
    """An appeal that nobody has answered, or circumstances that nobody has decided: closing it gives up the decision.

    An appeal is decided by our first reply, as it has no other record of a decision.
    """
    if query.category == Category.APPEAL:
        return query.answered_at is None
    return query.category == Category.CIRCUMSTANCES and not query.decision


def due_on(opened_at: datetime, calendar: AcademicCalendar, working_days: int) -> date:
    """The working day by which an answer is promised; weekends and closures do not count."""
    return calendar.working_days_after(local_day(opened_at), working_days)
