from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and settings"

    def ready(self) -> None:
        from accounts import receivers, second_factor_receivers  # noqa: F401, PLC0415 - models must be loaded first
