from accounts.models.access_needs import AccessNeeds
from accounts.models.api_token import ApiToken, Scope
from accounts.models.audit_entry import READ, READ_SUBJECTS, AuditEntry
from accounts.models.audit_seal import AuditSeal
from accounts.models.counted_event import CountedEvent, EventKind
from accounts.models.draft import Draft
from accounts.models.enrolment import Enrolment, FeeStatus, Level, Mode, Programme, School, Status
from accounts.models.feed_run import ChangeKind, FeedChange, FeedFile, FeedRun, FeedSource, FeedState, FileKind
from accounts.models.idempotency_key import IdempotencyKey
from accounts.models.policy_setting import PolicySetting
from accounts.models.proposal import Proposal, ProposalKind, ProposalState
from accounts.models.request_count import RequestCount
from accounts.models.sign_in import SignIn, SignInEnding
from accounts.models.user import CAREERS_STAFF, GIVE_APPOINTMENTS, GUARDED, NOT_STAFF, AccountStatus, Role, User

__all__ = [
    "CAREERS_STAFF",
    "GIVE_APPOINTMENTS",
    "GUARDED",
    "NOT_STAFF",
    "READ",
    "READ_SUBJECTS",
    "AccessNeeds",
    "AccountStatus",
    "ApiToken",
    "AuditEntry",
    "AuditSeal",
    "ChangeKind",
    "CountedEvent",
    "Draft",
    "Enrolment",
    "EventKind",
    "FeeStatus",
    "FeedChange",
    "FeedFile",
    "FeedRun",
    "FeedSource",
    "FeedState",
    "FileKind",
    "IdempotencyKey",
    "Level",
    "Mode",
    "PolicySetting",
    "Programme",
    "Proposal",
    "ProposalKind",
    "ProposalState",
    "RequestCount",
    "Role",
    "School",
    "Scope",
    "SignIn",
    "SignInEnding",
    "Status",
    "User",
]
