from django.apps import AppConfig

from foundation.values.sources import SourceKind, register_source_kind


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "Events"

    def ready(self) -> None:
        from events import receivers  # noqa: F401, PLC0415 - connects the signal receivers once every app is loaded
        from events.notices.compose import register_notices  # noqa: PLC0415 - models must be loaded first
        from events.selectors.sources import existing_events, existing_registrations  # noqa: PLC0415 - models can only be imported once every app is loaded

        register_source_kind(SourceKind.EVENT, existing_events)
        register_source_kind(SourceKind.REGISTRATION, existing_registrations)
        register_notices()
