from django.apps import AppConfig


class EligibilityConfig(AppConfig):
    name = "eligibility"
    verbose_name = "Eligibility and allocation"

    def ready(self) -> None:
        from eligibility.notices.compose import register_notices  # noqa: PLC0415 - models must be loaded first

        register_notices()
