from typing import ClassVar

from messaging.models import OutboxMessage
from messaging.providers.provider import Sent
from messaging.rules.kinds import Composed


class TrayProvider:
    """For the demonstration: keeps the message in the outbox, to be read on the tray page.

    Nothing leaves the machine.
    """

    name: ClassVar[str] = "tray"

    def send(self, message: OutboxMessage, composed: Composed) -> Sent:
        return Sent(f"tray-{message.public_id}")
