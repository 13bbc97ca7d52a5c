"""What happens to foreign keys in other people's records that refer to a deleted person.

Every foreign key to a person uses RESTRICT: nothing cascades, and `delete()` is refused. A key whose row is the
person's own is in the schedule and is deleted with the row. `tests/retention/test_schedule.py` fails for a new foreign
key that is in neither.
"""

CLEARED: dict[str, tuple[str, ...]] = {
    "accounts.PolicySetting": ("set_by",),
    "eligibility.MissPolicy": ("set_by",),
    "accounts.FeedRun": ("started_by", "approved_by"),
    "appointments.Booking": ("booked_by", "ended_by"),
    "eligibility.AudienceRule": ("set_by",),
    "events.CheckIn": ("by",),
    "events.Registration": ("ended_by",),
    "messaging.ContactPermission": ("noted_by",),
    "queries.Query": ("owner",),
    "retention.PurgeRun": ("started_by", "approved_by"),
    "retention.Redaction": ("decided_by",),
    "retention.RightsPart": ("decided_by",),
    "retention.RightsRequest": ("recorded_by", "closed_by"),
    "retention.RightsStep": ("by",),
    "retention.TextMention": ("reviewed_by",),
    "security.Lead": ("reported_by", "judged_by"),
}
"""Set to NULL: the record does not need them, and the audit trail has the person's id."""

NAMED: dict[str, tuple[str, ...]] = {
    "accounts.Proposal": ("asked_by", "ended_by"),
    "appointments.Booking": ("adviser",),
    "appointments.BookingNote": ("by",),
    "eligibility.Grant": ("granted_by",),
    "eligibility.Hold": ("decided_by", "lifted_by"),
    "eligibility.Strike": ("excused_by",),
    "eligibility.StrikeReview": ("closed_by",),
    "events.CheckInDevice": ("opened_by",),
    "events.Event": ("created_by", "attendance_closed_by"),
    "events.EventNote": ("by",),
    "events.EventSeries": ("created_by",),
    "events.Registration": ("registered_by",),
    "queries.Query": ("decided_by",),
    "queries.QueryMessage": ("by",),
    "retention.LegalHold": ("owner", "placed_by", "lifted_by"),
    "security.CaseEntry": ("by",),
    "security.CaseReport": ("sent_by",),
    "security.DataBreach": ("marked_by", "decided_by"),
    "security.Outcome": ("recorded_by",),
    "security.SecurityCase": ("opened_by", "termination_proposed_by", "termination_confirmed_by", "closed_by"),
    "wellbeing.Concern": ("raised_by",),
    "wellbeing.ConcernStep": ("by",),
    "wellbeing.Disclosure": ("decided_by",),
}
"""Kept: a decision about somebody else needs its author, so the author's account stays without personal data."""
