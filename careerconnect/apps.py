from django.apps import AppConfig


class CareerConnectConfig(AppConfig):
    """The front door. Owns no table."""

    name = "careerconnect"
    verbose_name = "CareerConnect"
