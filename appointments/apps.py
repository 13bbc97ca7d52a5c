from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "appointments"
    verbose_name = "Appointments"

    def ready(self) -> None:
        from appointments.notices.compose import register_notices  # noqa: PLC0415 - models must be loaded first

        register_notices()
        from appointments import receivers  # noqa: F401, PLC0415
