from typing import Any

from django.core.management.base import BaseCommand

from security.operations.forget import forget_leads


class Command(BaseCommand):
    help = "Deletes leads lead_retention_days after they were decided. The daily task does the same."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{forget_leads()} deleted")
