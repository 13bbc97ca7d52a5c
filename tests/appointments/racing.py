"""Runs many people's actions at once: each in a thread with its own connection, all released at the same moment."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from foundation.outcomes.refusals import Refused

Runner = Callable[[], object]


@dataclass
class RaceOutcome:
    done: list[object] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    broken: list[BaseException] = field(default_factory=list)
    """Anything else: a deadlock, or an error page that would have reached a person."""

    @property
    def codes(self) -> set[str]:
        return {refusal.code for refusal in self.refused}


def until_not_busy(runner: Runner, tries: int = 5) -> object:
    """Retries “Busy, try again”, which may happen on a machine that other tests use.

    `make bench` measures the wait on a quiet machine.
    """
    for _ in range(tries - 1):
        try:
            return runner()
        except Refused as refused:
            if refused.code != "busy":
                raise
    return runner()


def race(runners: Sequence[Runner]) -> RaceOutcome:
    outcome, start = RaceOutcome(), threading.Barrier(len(runners))

    def run(runner: Runner) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            outcome.done.append(until_not_busy(runner))
        except Refused as refused:
            outcome.refused.append(refused)
        except BaseException as error:
            outcome.broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(runner,)) for runner in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcome
