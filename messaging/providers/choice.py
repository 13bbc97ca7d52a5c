from django.conf import settings
from django.utils.module_loading import import_string

from messaging.providers.provider import Provider


def provider_for(channel: str) -> Provider:
    provider: Provider = import_string(settings.MESSAGING_PROVIDERS[str(channel)])()
    return provider
