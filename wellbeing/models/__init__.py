from wellbeing.models.concern import Concern, ConcernState, Seriousness, is_lead
from wellbeing.models.concern_step import ConcernStep, StepKind
from wellbeing.models.disclosure import Disclosure, Recipient

__all__ = [
    "Concern",
    "ConcernState",
    "ConcernStep",
    "Disclosure",
    "Recipient",
    "Seriousness",
    "StepKind",
    "is_lead",
]
