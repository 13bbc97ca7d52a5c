from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "appointments"
    verbose_name = "Appointments"

    def ready(self) -> None:
        from appointments.notices.compose import register_notices  # noqa: PLC0415 - models must be loaded first
        from appointments.selectors.claims import name_bookings  # noqa: PLC0415 - models can be imported only when every app is loaded
        from documents.selectors.claims import register_claims  # noqa: PLC0415 - models can be imported only when every app is loaded

        register_claims(name_bookings)
        register_notices()
        from appointments import receivers  # noqa: F401, PLC0415 - connects its receivers, when every app is loaded
