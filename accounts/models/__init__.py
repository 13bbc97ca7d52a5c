from accounts.models.api_token import ApiToken
from accounts.models.audit_entry import AuditEntry
from accounts.models.enrolment import Enrolment, FeeStatus, Level, Mode, Programme, School, Status
from accounts.models.feed_run import ChangeKind, FeedChange, FeedFile, FeedRun, FeedSource, FeedState, FileKind
from accounts.models.policy_setting import PolicySetting
from accounts.models.user import CAREERS_STAFF, Role, User

__all__ = [
    "CAREERS_STAFF",
    "ApiToken",
    "AuditEntry",
    "ChangeKind",
    "Enrolment",
    "FeeStatus",
    "FeedChange",
    "FeedFile",
    "FeedRun",
    "FeedSource",
    "FeedState",
    "FileKind",
    "Level",
    "Mode",
    "PolicySetting",
    "Programme",
    "Role",
    "School",
    "Status",
    "User",
]
