from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Replaces Django's command, which would make an administrator without an entry in the audit trail."""

    help = "Not used. `first_administrator` adds the first two administrators; they add everybody else."

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("Run first_administrator instead.")
