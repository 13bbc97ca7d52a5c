from typing import Any

from django.core.management.base import BaseCommand

from appointments.operations.hold import cancel_passed_holds


class Command(BaseCommand):
    help = "Cancels held appointments that are due to start. A task does the same every five minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{cancel_passed_holds()} cancelled")
