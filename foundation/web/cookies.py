from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class MessageStorage(CookieStorage):
    """Under a name from the settings: in production every cookie begins with `__Host-`, and so is ours alone."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]  # a class attribute there
        return str(settings.MESSAGE_COOKIE_NAME)
