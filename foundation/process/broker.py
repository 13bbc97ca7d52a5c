"""Redis as Celery's broker, where an acknowledgement that fails is an error.

Kombu only logs one. The message then counts as taken for ever, and a worker takes no more than a few at a time: after
a Redis that hung for longer than the socket's timeout it consumed nothing, while it answered every ping. As an error it
is a lost connection like any other: the worker connects anew, and Redis hands out again what was not acknowledged.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis, virtual


class HintMessage(virtual.Message):
    def ack_log_error(self, logger: Any, errors: Any, multiple: bool = False) -> None:
        self.ack(multiple=multiple)

    def reject_log_error(self, logger: Any, errors: Any, requeue: bool = False) -> None:
        self.reject(requeue=requeue)


class HintChannel(redis.Channel):
    Message = HintMessage


class NudgeTransport(redis.Transport):
    Channel = HintChannel
