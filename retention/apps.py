from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "retention"
    verbose_name = "Retention"

    def ready(self) -> None:
        from retention.notices.compose import register_notices  # noqa: PLC0415 - models must be loaded first
        from retention.operations.legal_holds import register_lifting  # noqa: PLC0415 - models must be loaded first
        from retention.operations.nights import register_approving  # noqa: PLC0415 - models must be loaded first
        from retention.operations.settings import register_settings  # noqa: PLC0415 - models must be loaded first

        register_notices()
        register_lifting()
        register_approving()
        register_settings()
