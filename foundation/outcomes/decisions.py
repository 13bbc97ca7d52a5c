"""The answer to “may this happen?”: allowed, or refused with the reason and what would change it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer of a rule. `message` says why not, `remedy` what would change it; `code` is stable for programs.

    `details`: every reason for the refusal. `ways`: the alternatives that were all refused, where one would have been
    enough.
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
        """Every reason for the refusal, one by one; empty if allowed."""
        return () if self.allowed else self.details or (self,)


ALLOWED = Decision(True)


def refuse(code: str, message: str, remedy: str = "") -> Decision:
    return Decision(False, code, message, remedy)


def all_of(decisions: list[Decision]) -> Decision:
    """Allowed if all are. Otherwise the first refusal, with every distinct reason in a flat `details`."""
    reasons = tuple(dict.fromkeys(reason for decision in decisions for reason in decision.reasons))
    if not reasons:
        return ALLOWED
    first = reasons[0]
    return Decision(False, first.code, first.message, first.remedy, reasons, first.ways)


def any_of(decisions: list[Decision], message: str, remedy: str) -> Decision:
    """Allowed if at least one is.

    Otherwise one refusal with this message, the refused `ways`, and their code if they share one.
    """
    if any(decisions):
        return ALLOWED
    codes = {reason.code for decision in decisions for reason in decision.reasons}
    ways = tuple(way for decision in decisions for way in (decision.ways or (decision,)))
    return Decision(False, codes.pop() if len(codes) == 1 else "not_eligible", message, remedy, (), ways)
