from security.models.case_entry import CaseEntry
from security.models.case_report import Addressee, CaseReport
from security.models.data_breach import BREACH_HOURS, BreachDecision, DataBreach
from security.models.lead import Lead, LeadKind, LeadState
from security.models.outcome import Outcome, OutcomeKind
from security.models.security_case import CaseState, Ending, SecurityCase, Treatment

__all__ = [
    "BREACH_HOURS",
    "Addressee",
    "BreachDecision",
    "CaseEntry",
    "CaseReport",
    "CaseState",
    "DataBreach",
    "Ending",
    "Lead",
    "LeadKind",
    "LeadState",
    "Outcome",
    "OutcomeKind",
    "SecurityCase",
    "Treatment",
]
