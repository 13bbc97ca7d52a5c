"""Many people at once: each runner in a thread and on a connection of its own, all let go at the same moment."""

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
    """Anything that is neither: a deadlock or an error page that would have reached a person."""

    @property
    def codes(self) -> set[str]:
        return {refusal.code for refusal in self.refused}


def until_not_busy(runner: Runner, tries: int = 5) -> object:
    """“Busy, try again” on a machine that other tests share: does so. How long one waits on a quiet machine is
    for `make bench` to say."""
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
