from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class PortalConfig(AppConfig):
    """Pages about several apps. Owns no table."""

    name = "portal"
    verbose_name = "Portal"
    default = True


class AdministrationConfig(admin_apps.AdminConfig):
    default_site = "portal.admin.Administration"
    default = False
