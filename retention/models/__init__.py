from retention.models.legal_hold import LegalHold
from retention.models.notice_version import NoticeVersion
from retention.models.package import Package, PackageState
from retention.models.purge_run import (
    OVER,
    Phase,
    PurgeCount,
    PurgeRun,
    RetentionWarning,
    RunState,
    Statistic,
    Tombstones,
)
from retention.models.rights_request import (
    Redaction,
    RequestChannel,
    RequestOutcome,
    RequestState,
    RightKind,
    RightsPart,
    RightsRequest,
    RightsStep,
)
from retention.models.text_mention import TextMention

__all__ = [
    "OVER",
    "LegalHold",
    "NoticeVersion",
    "Package",
    "PackageState",
    "Phase",
    "PurgeCount",
    "PurgeRun",
    "Redaction",
    "RequestChannel",
    "RequestOutcome",
    "RequestState",
    "RetentionWarning",
    "RightKind",
    "RightsPart",
    "RightsRequest",
    "RightsStep",
    "RunState",
    "Statistic",
    "TextMention",
    "Tombstones",
]
