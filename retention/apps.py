from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "retention"
    verbose_name = "Retention"

    def ready(self) -> None:
        from retention.notices.compose import register_notices  # noqa: PLC0415 - models must be loaded first

        register_notices()
