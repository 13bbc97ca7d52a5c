from django.apps import AppConfig


class WellbeingConfig(AppConfig):
    name = "wellbeing"
    verbose_name = "Wellbeing"

    def ready(self) -> None:
        from wellbeing.notices.compose import register_notices  # noqa: PLC0415 - models must be loaded first

        register_notices()
