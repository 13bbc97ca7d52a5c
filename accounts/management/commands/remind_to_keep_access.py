from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.operations.keep_access import remind_to_keep_access


class Command(BaseCommand):
    help = "Emails people who will soon lose the University's sign-on: add your own email address. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        count = remind_to_keep_access(on=timezone.localdate())
        self.stdout.write(f"{count} people are due to be asked; nobody is asked twice for the same step.")
