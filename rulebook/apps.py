from django.apps import AppConfig


class RulebookConfig(AppConfig):
    """Editor and file of the rules that `eligibility` and `appointments` apply. Owns no table."""

    name = "rulebook"
    verbose_name = "Rulebook"
