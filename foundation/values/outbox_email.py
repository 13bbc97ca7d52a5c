from datetime import timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives


class OutboxEmail(EmailMultiAlternatives):
    """An email for Django's mail API with two extra properties for the outbox.

    `once`: emails with the same text here are sent once; if empty, always. `of_use_for`: how long the email is worth
    sending after it was queued.
    """

    def __init__(self, *args: Any, once: str = "", of_use_for: timedelta = timedelta(days=1), **more: Any) -> None:
        super().__init__(*args, **more)
        self.once, self.of_use_for = once, of_use_for
