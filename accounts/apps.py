from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and settings"

    def ready(self) -> None:
        from accounts.operations.roles import register_roles  # noqa: PLC0415 - models must be loaded first
        from accounts.receivers import second_factor, signing_in  # noqa: F401, PLC0415 - models must be loaded first

        register_roles()
