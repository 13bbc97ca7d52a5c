"""The answer to "may this happen?": allowed, or refused with what would change it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer. `message` says why not, `remedy` what would change it, `code` is stable for programs.

    `details`: everything that refuses, each by itself. `ways`: what refuses together, where any one of them would do.
    """

    allowed: bool
    code: str = "allowed"
    message: str = ""
    remedy: str = ""
    details: tuple["Decision", ...] = ()
    ways: tuple["Decision", ...] = ()

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def reasons(self) -> tuple["Decision", ...]:
        """Every refusal by itself; none where it is allowed."""
        return () if self.allowed else self.details or (self,)


ALLOWED = Decision(True)


def refuse(code: str, message: str, remedy: str = "") -> Decision:
    return Decision(False, code, message, remedy)


def all_of(decisions: list[Decision]) -> Decision:
    """Allowed when all are. Else the first refusal, carrying every refusal as details, each once and none nested."""
    reasons = tuple(dict.fromkeys(reason for decision in decisions for reason in decision.reasons))
    if not reasons:
        return ALLOWED
    first = reasons[0]
    return Decision(False, first.code, first.message, first.remedy, reasons, first.ways)


def any_of(decisions: list[Decision], message: str, remedy: str) -> Decision:
    """Allowed when one is. Else one refusal in these words, with the ways that are closed and any code they share."""
    if any(decisions):
        return ALLOWED
    codes = {reason.code for decision in decisions for reason in decision.reasons}
    ways = tuple(way for decision in decisions for way in (decision.ways or (decision,)))
    return Decision(False, codes.pop() if len(codes) == 1 else "not_eligible", message, remedy, (), ways)
