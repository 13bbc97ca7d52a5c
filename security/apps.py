from django.apps import AppConfig


class SecurityConfig(AppConfig):
    name = "security"
    verbose_name = "Security"

    def ready(self) -> None:
        from security import receivers  # noqa: F401, PLC0415 - connects the receivers; models must be loaded first
        from security.notices.compose import register_notices  # noqa: PLC0415 - models must be loaded first

        register_notices()
