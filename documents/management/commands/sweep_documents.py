from typing import Any

from django.core.management.base import BaseCommand

from documents.operations.sweep import sweep_documents


class Command(BaseCommand):
    help = "Checks documents in quarantine and removes files that no record uses, without Redis or a worker."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{sweep_documents(seconds=600)} looked at")
