"""Redis as Celery's broker, where an acknowledgement that fails is an error.

Kombu only logs one. The message then counts as taken for ever, and a worker takes no more than a few at a time: after
a Redis that hung for longer than the socket's timeout it consumed nothing, while it answered every ping. As an error it
is a lost connection like any other: the worker connects anew, and Redis hands out again what was not acknowledged.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis, virtual
from redis import exceptions


class HintMessage(virtual.Message):
    @property
    def _outlived(self) -> bool:
        """Whether the connection it came on is gone. Its Redis hands it out again, so that it needs no answer.

        Kombu fails with an AttributeError there, which ends a worker that has just connected anew.
        """
        channel: Any = self.channel
        return bool(channel.closed or channel.connection is None or channel.connection.client is None)

    def ack_log_error(self, logger: Any, errors: Any, multiple: bool = False) -> None:
        if not self._outlived:
            self.ack(multiple=multiple)

    def reject_log_error(self, logger: Any, errors: Any, requeue: bool = False) -> None:
        if not self._outlived:
            self.reject(requeue=requeue)


class HintChannel(redis.Channel):
    Message = HintMessage

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        """Whatever is asked of a channel whose connection is gone fails as a lost connection does.

        Kombu fails with an AttributeError there. One that comes while Celery closes the connection (it gives back what
        was not acknowledged) would end the worker.
        """
        if self.connection is None or self.connection.client is None:
            raise exceptions.ConnectionError("the connection of this channel is closed")
        known: Any = super()  # celery-types does not list the method
        params: dict[str, Any] = known._connparams(asynchronous=asynchronous)
        return params


class NudgeTransport(redis.Transport):
    Channel = HintChannel
