from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class CareerConnectConfig(AppConfig):
    """The front door. Owns no table."""

    name = "careerconnect"
    verbose_name = "CareerConnect"
    default = True


class AdministrationConfig(admin_apps.AdminConfig):
    default_site = "careerconnect.admin_site.Administration"
    default = False
