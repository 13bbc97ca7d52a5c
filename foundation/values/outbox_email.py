from datetime import timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives


class OutboxEmail(EmailMultiAlternatives):
    """A mail for Django's mail API that says more of itself than a mail can.

    `once`: what is handed over under the same text is sent once; empty means every time.
    `of_use_for`: how long it is worth sending, counted from when it is handed over.
    """

    def __init__(self, *args: Any, once: str = "", of_use_for: timedelta = timedelta(days=1), **more: Any) -> None:
        super().__init__(*args, **more)
        self.once, self.of_use_for = once, of_use_for
