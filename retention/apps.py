from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "retention"
    verbose_name = "Retention"

    def ready(self) -> None:
        # Models can be imported only when every app is loaded.
        from retention.notices.compose import register_notices  # noqa: PLC0415 - see above

        register_notices()
