from typing import Any

from django.core.management.base import BaseCommand

from events.operations.waiting import sweep_waiting_lists


class Command(BaseCommand):
    help = "Ends offers of places that have run out and offers free places to people who wait. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{sweep_waiting_lists()} waiting lists looked at.")
