from typing import Any

from django.core.management.base import BaseCommand

from appointments.operations.tell_who_must_move import tell_those_not_told


class Command(BaseCommand):
    help = "Tells students whose appointment can no longer take place. A task does the same every five minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{tell_those_not_told()} told")
