"""A Redis transport for Celery that treats a failed acknowledgement as an error.

Kombu only logs the failure. The message then counts as unacknowledged for ever, and a worker fetches only a few
unacknowledged messages: after Redis had hung for longer than the socket timeout, a worker consumed nothing while it
still answered pings. Raised as an error, the failure counts as a lost connection: the worker reconnects and Redis
redelivers the unacknowledged messages.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis, virtual
from redis import exceptions


class HintMessage(virtual.Message):
    @property
    def _connection_is_closed(self) -> bool:
        """Whether the connection that delivered this message is closed. Redis redelivers the message, so it needs no
        answer.

        Kombu raises AttributeError in this case, which would end a worker that has just reconnected.
        """
        channel: Any = self.channel
        return bool(channel.closed or channel.connection is None or channel.connection.client is None)

    def ack_log_error(self, logger: Any, errors: Any, multiple: bool = False) -> None:
        if not self._connection_is_closed:
            self.ack(multiple=multiple)

    def reject_log_error(self, logger: Any, errors: Any, requeue: bool = False) -> None:
        if not self._connection_is_closed:
            self.reject(requeue=requeue)


class HintChannel(redis.Channel):
    Message = HintMessage

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        """Raises the error of a lost connection when the channel's connection is closed.

        Kombu raises AttributeError, which would end the worker if it happens while Celery closes the connection and
        returns unacknowledged messages.
        """
        if self.connection is None or self.connection.client is None:
            raise exceptions.ConnectionError("the connection of this channel is closed")
        known: Any = super()  # celery-types does not declare the method
        params: dict[str, Any] = known._connparams(asynchronous=asynchronous)
        return params


class NudgeTransport(redis.Transport):
    Channel = HintChannel
