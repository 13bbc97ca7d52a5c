from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.operations.keep_access import remind_to_keep_access


class Command(BaseCommand):
    help = (
        "Asks by email whoever will soon lose the University's sign-on to add an address of their own. Safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count = remind_to_keep_access(on=timezone.localdate())
        self.stdout.write(f"{count} people are due to be asked; nobody is asked twice for the same step.")
