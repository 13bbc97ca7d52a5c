from django.apps import AppConfig


class WellbeingConfig(AppConfig):
    name = "wellbeing"
    verbose_name = "Wellbeing"

    def ready(self) -> None:
        # Models can be imported only when every app is loaded.
        from wellbeing.notices.compose import register_notices  # noqa: PLC0415 - see above

        register_notices()
