from django.apps import AppConfig


class SecurityConfig(AppConfig):
    name = "security"
    verbose_name = "Security"

    def ready(self) -> None:
        # Models can be imported only when every app is loaded.
        from security import receivers  # noqa: F401, PLC0415 - connects its receivers, when every app is loaded
        from security.notices.compose import register_notices  # noqa: PLC0415 - models can be imported only when every app is loaded

        register_notices()
