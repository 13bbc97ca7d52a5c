"""The answer to "may this happen?": allowed, or refused with what would change it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer. `message` says why not, `remedy` what would change it, `code` is stable for programs."""

    allowed: bool
    code: str = "allowed"
    message: str = ""
    remedy: str = ""
    details: tuple["Decision", ...] = ()

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(True)


def refuse(code: str, message: str, remedy: str = "") -> Decision:
    return Decision(False, code, message, remedy)


def all_of(decisions: list[Decision]) -> Decision:
    """The first refusal, carrying every refusal as details; allowed when there is none."""
    failing = tuple(decision for decision in decisions if not decision.allowed)
    if not failing:
        return ALLOWED
    first = failing[0]
    return Decision(False, first.code, first.message, first.remedy, failing)
