"""Refusals: expected answers of operations, with a code for programs and a sentence for people.

A violated database constraint becomes the refusal named by the model constraint's `violation_error_code` and
`violation_error_message`, so that the check before and the constraint after a lost race give the same message.
"""

import functools
import math
import random
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.db import IntegrityError, OperationalError, connection, transaction

from foundation.outcomes.decisions import Decision

P = ParamSpec("P")
R = TypeVar("R")

RETRIES = 2
DEADLOCK, SERIALIZATION, LOCK_NOT_AVAILABLE = "40P01", "40001", "55P03"


class Refused(Exception):
    """The operation refused and wrote nothing. `status` is the HTTP status to answer with.

    `retry_after`: how long to wait before trying again, if known.
    """

    def __init__(
        self,
        code: str,
        message: str,
        remedy: str = "",
        *,
        field: str = "",
        status: int = 409,
        alternatives: Sequence[Any] = (),
        details: Sequence[Decision] = (),
        retry_after: timedelta = timedelta(0),
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy
        self.field, self.status = field, status
        self.alternatives, self.details = list(alternatives), tuple(details)
        self.retry_after = retry_after

    @property
    def text(self) -> str:
        """Message and remedy in one line."""
        return f"{self.message} {self.remedy}".strip()

    @property
    def headers(self) -> dict[str, str]:
        """Extra headers of the HTTP answer: `Retry-After` in seconds."""
        seconds = math.ceil(self.retry_after.total_seconds())
        return {"Retry-After": str(seconds)} if seconds else {}

    @classmethod
    def from_decision(cls, decision: Decision, *, field: str = "", status: int = 409) -> "Refused":
        return cls(
            decision.code, decision.message, decision.remedy, field=field, status=status, details=decision.details
        )


def require(decision: Decision, *, field: str = "", status: int = 409) -> None:
    """Raises `Refused` unless the decision allows it."""
    if not decision.allowed:
        raise Refused.from_decision(decision, field=field, status=status)


def result_or_refusal(operation: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> tuple[R | None, Refused | None]:
    """The operation's result, or its refusal: for a part of a page that may be refused while the rest is shown."""
    try:
        return operation(*args, **kwargs), None
    except Refused as refused:
        return None, refused


BUSY = ("busy", "The booking system is very busy at this moment.", "Nothing was changed. Please try again.")


@functools.cache
def _constraint_words() -> dict[str, tuple[str, str]]:
    words: dict[str, tuple[str, str]] = {}
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.violation_error_code:
                message = str(constraint.violation_error_message)
                words[constraint.name] = (constraint.violation_error_code, message)
    return words


def refusal_for(error: IntegrityError) -> Refused | None:
    """The refusal for a violated constraint, or None if the constraint has no message (which is a defect)."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if name not in _constraint_words():
        return None
    code, message = _constraint_words()[name]
    return Refused(code, message)


def _sqlstate(error: BaseException) -> str:
    return str(getattr(error.__cause__, "pgcode", "") or "")


def in_one_transaction(operation: Callable[P, R]) -> Callable[P, R]:
    """Runs an operation in one READ COMMITTED transaction; the connection's `lock_timeout` is 3 s (settings).

    In the outermost transaction, deadlocks and serialisation failures are retried at most twice. A lock timeout is
    refused as “busy, try again”; a violated constraint becomes its own refusal.
    """

    @functools.wraps(operation)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        tries = 0 if connection.in_atomic_block else RETRIES
        while True:
            try:
                with transaction.atomic():
                    return operation(*args, **kwargs)
            except IntegrityError as error:
                refused = refusal_for(error)
                if refused is None:
                    raise
                raise refused from error
            except OperationalError as error:
                state = _sqlstate(error)
                if state not in {DEADLOCK, SERIALIZATION, LOCK_NOT_AVAILABLE}:
                    raise
                if state == LOCK_NOT_AVAILABLE or tries == 0:
                    raise Refused(*BUSY, status=503) from error
                tries -= 1
                time.sleep(random.uniform(0.005, 0.03))  # noqa: S311 - jitter between retries, not security

    return wrapped
