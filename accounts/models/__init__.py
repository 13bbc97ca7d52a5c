from accounts.models.api_token import ApiToken
from accounts.models.audit_entry import AuditEntry
from accounts.models.enrolment import Enrolment, FeeStatus, Level, Mode, Programme, School, Status
from accounts.models.policy_setting import PolicySetting
from accounts.models.user import CAREERS_STAFF, Role, Standing, User

__all__ = [
    "CAREERS_STAFF",
    "ApiToken",
    "AuditEntry",
    "Enrolment",
    "FeeStatus",
    "Level",
    "Mode",
    "PolicySetting",
    "Programme",
    "Role",
    "School",
    "Standing",
    "Status",
    "User",
]
