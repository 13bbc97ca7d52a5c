from django.apps import AppConfig


class RulebookConfig(AppConfig):
    """The rule editor, and the file format for the rules that `eligibility` and `appointments` apply. Has no tables."""

    name = "rulebook"
    verbose_name = "Rulebook"
