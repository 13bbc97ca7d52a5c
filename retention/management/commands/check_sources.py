from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.values.counted import counted
from retention.selectors.orphans import rows_without_source


class Command(BaseCommand):
    help = "Find strikes, uses of an allocation and shared documents whose booking or query no longer exists."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(rows_without_source())
        for model, kind, public_id in found:
            self.stdout.write(f"{model._meta.verbose_name}: {kind} {public_id} does not exist")
        if found:
            raise CommandError(f"{counted(len(found), 'row')} about something that no longer exists.")
        self.stdout.write("Everything that rows are about exists.")
