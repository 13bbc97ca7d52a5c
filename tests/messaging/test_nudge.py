from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import redis

from foundation.process.task_nudge import AT_MOST_TOGETHER, WAITING_AT_MOST, TaskNudge
from messaging.operations import nudge as nudging
from messaging.operations.nudge import nudge
from tests.messaging.conftest import eventually, publish_to
from tools.valkey import Valkey, free_port


def test_a_nudge_reaches_the_broker(nudged: Callable[[int], list[str]]) -> None:
    nudge(["abcdefghjkmn"])
    assert nudged(1) == ["abcdefghjkmn"]


def test_nudges_of_one_moment_reach_the_broker_together(nudged: Callable[[int], list[str]], broker: Valkey) -> None:
    ids = [f"message-{number}" for number in range(2 * AT_MOST_TOGETHER + 1)]
    nudge(ids)
    assert nudged(3) == ids
    assert redis.Redis.from_url(broker.url()).llen("celery") == 3


def test_nudging_can_be_turned_off(nudged: Callable[[int], list[str]], settings: Any) -> None:
    settings.MESSAGING_NUDGE = False
    nudge(["abcdefghjkmn"])
    assert nudged(0) == []


def test_more_nudges_than_can_wait_are_dropped_without_blocking(broker: Valkey) -> None:
    nobody = free_port()
    publish_to(f"redis://127.0.0.1:{nobody}/0")
    try:
        nudger = TaskNudge("messaging.deliver_messages")
        slowest = 0.0
        for number in range(3 * WAITING_AT_MOST):
            started = time.monotonic()
            nudger.nudge(f"message-{number}")
            slowest = max(slowest, time.monotonic() - started)
        assert slowest < 0.5
        assert nudger._waiting.qsize() <= WAITING_AT_MOST
    finally:
        publish_to(broker.url())


def test_nudges_go_on_after_redis_comes_back(nudged: Callable[[int], list[str]], broker: Valkey) -> None:
    nudger = TaskNudge("messaging.deliver_messages")
    publish_to(f"redis://127.0.0.1:{free_port()}/0")
    nudger.nudge("lost")
    time.sleep(0.3)
    publish_to(broker.url())

    def arrives() -> bool:
        nudger.nudge("arrives")
        return "arrives" in nudged(0)

    eventually(arrives, 15)


def test_a_forked_process_nudges_by_a_thread_of_its_own(nudged: Callable[[int], list[str]], broker: Valkey) -> None:
    nudge(["before"])
    assert nudged(1) == ["before"]
    child = os.fork()
    if child == 0:  # pragma: no cover - coverage does not follow
        publish_to(broker.url())
        nudge(["inside"])
        client = redis.Redis.from_url(broker.url())
        until = time.monotonic() + 5
        while client.llen("celery") < 2 and time.monotonic() < until:
            time.sleep(0.02)
        os._exit(0 if nudging._nudger._thread is not None else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert sorted(nudged(2)) == ["before", "inside"]
