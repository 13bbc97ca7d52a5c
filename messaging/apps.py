from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from messaging.mail_backend.backend import MAIL_KIND, compose_ready_mail  # noqa: PLC0415 - models can only be imported once every app is loaded
        from messaging.rules.kinds import register_kind  # noqa: PLC0415 - models can only be imported once every app is loaded

        register_kind(MAIL_KIND, compose_ready_mail, forget_body=True)
