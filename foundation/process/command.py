"""Base class of management commands that call operations."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.outcomes.refusals import Refused


class OperationCommand(BaseCommand):
    """Turns a refusal into a `CommandError`: the command prints the reason and exits with code 1."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except Refused as refused:
            raise CommandError(refused.text) from refused
