from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demonstration institution. Only the settings of the demonstration and of the tests install it."""

    name = "demo"
    verbose_name = "Demonstration"
