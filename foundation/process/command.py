"""Management commands that call operations."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.outcomes.refusals import Refused


class OperationCommand(BaseCommand):
    """A refusal ends the command with its reason and exit code 1, as any `CommandError` does."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except Refused as refused:
            raise CommandError(refused.text) from refused
