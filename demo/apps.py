from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demonstration institution: installed by the settings of the demonstration and of the tests only."""

    name = "demo"
    verbose_name = "Demonstration"
