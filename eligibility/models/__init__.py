from eligibility.models.academic_period import AcademicPeriod, PeriodKind
from eligibility.models.activity import Activity, ActivityKind, ActivityResult
from eligibility.models.allocation_policy import AllocationPolicy, Period, Unit
from eligibility.models.allocation_use import AllocationUse
from eligibility.models.audience import Audience
from eligibility.models.audience_rule import BEGINNING, AudienceRule
from eligibility.models.grant import Grant
from eligibility.models.group import Group, GroupMember
from eligibility.models.hold import UNTIL_LIFTED, Hold, HoldCovers
from eligibility.models.miss_policy import MissPolicy
from eligibility.models.strike import HowMissed, Strike, StrikeKind
from eligibility.models.strike_review import ReviewOutcome, ReviewStep, StrikeReview
from eligibility.models.waiting_entry import WaitingEntry, WaitingState

__all__ = [
    "BEGINNING",
    "UNTIL_LIFTED",
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
    "HowMissed",
    "MissPolicy",
    "Period",
    "PeriodKind",
    "ReviewOutcome",
    "ReviewStep",
    "Strike",
    "StrikeKind",
    "StrikeReview",
    "Unit",
    "WaitingEntry",
    "WaitingState",
]
