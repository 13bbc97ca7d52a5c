from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class PortalConfig(AppConfig):
    """Pages about several apps. Owns no table."""

    name = "portal"
    verbose_name = "Portal"
    default = True

    def ready(self) -> None:
        from portal.selectors.trail_pages import register_trail_pages  # noqa: PLC0415 - models must be loaded first

        register_trail_pages()


class AdministrationConfig(admin_apps.AdminConfig):
    default_site = "portal.admin.Administration"
    default = False
