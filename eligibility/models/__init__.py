from eligibility.models.academic_period import AcademicPeriod, PeriodKind
from eligibility.models.activity import Activity, ActivityKind, ActivityResult
from eligibility.models.allocation_policy import AllocationPolicy, Period
from eligibility.models.allocation_use import AllocationUse
from eligibility.models.audience import Audience
from eligibility.models.audience_rule import BEGINNING, AudienceRule
from eligibility.models.grant import Grant
from eligibility.models.group import Group, GroupMember
from eligibility.models.hold import Hold, HoldCovers
from eligibility.models.strike import Strike, StrikeKind
from eligibility.models.strike_review import ReviewOutcome, ReviewStep, StrikeReview

__all__ = [
    "BEGINNING",
    "AcademicPeriod",
    "Activity",
    "ActivityKind",
    "ActivityResult",
    "AllocationPolicy",
    "AllocationUse",
    "Audience",
    "AudienceRule",
    "Grant",
    "Group",
    "GroupMember",
    "Hold",
    "HoldCovers",
    "Period",
    "PeriodKind",
    "ReviewOutcome",
    "ReviewStep",
    "Strike",
    "StrikeKind",
    "StrikeReview",
]
