from security.models.case_entry import CaseEntry
from security.models.case_report import Addressee, CaseReport
from security.models.data_breach import BREACH_HOURS, BreachDecision, DataBreach
from security.models.lead import Lead, LeadKind, LeadState
from security.models.outcome import Outcome, OutcomeKind
from security.models.security_case import CaseEnding, CaseState, SecurityCase, Treatment

__all__ = [
    "BREACH_HOURS",
    "Addressee",
    "BreachDecision",
    "CaseEnding",
    "CaseEntry",
    "CaseReport",
    "CaseState",
    "DataBreach",
    "Lead",
    "LeadKind",
    "LeadState",
    "Outcome",
    "OutcomeKind",
    "SecurityCase",
    "Treatment",
]
