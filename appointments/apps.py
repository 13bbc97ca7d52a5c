from django.apps import AppConfig

from foundation.values.sources import SourceKind, register_source_kind


class AppointmentsConfig(AppConfig):
    name = "appointments"
    verbose_name = "Appointments"

    def ready(self) -> None:
        from appointments.notices.compose import register_notices  # noqa: PLC0415 - models must be loaded first
        from appointments.selectors.sources import existing_bookings, name_bookings  # noqa: PLC0415 - models can only be imported once every app is loaded
        from documents.selectors.sources import register_source_names  # noqa: PLC0415 - models can only be imported once every app is loaded

        register_source_names(name_bookings)
        register_source_kind(SourceKind.BOOKING, existing_bookings)
        register_notices()
        from appointments import receivers  # noqa: F401, PLC0415 - connects the signal receivers once every app is loaded
