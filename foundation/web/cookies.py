from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class MessageStorage(CookieStorage):
    """Takes the cookie's name from the settings: in production all our cookies have the `__Host-` prefix."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]  # a class attribute in Django
        return str(settings.MESSAGE_COOKIE_NAME)
