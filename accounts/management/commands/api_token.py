from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import CommandError

from accounts.models import Scope, User
from accounts.operations.api_tokens import issue_api_token
from foundation.process.command import OperationCommand


class Command(OperationCommand):
    help = "Prints a new personal token for the API, to be sent as `Authorization: Bearer …`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line", help="what the person sees it listed as")
        parser.add_argument("--scope", action="append", choices=Scope.values, help="one use; all where none is named")
        parser.add_argument("--expires", type=date.fromisoformat, help="the last day, as 2027-01-31; else the latest")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.with_email(options["email"]).filter(is_active=True).first()
        if user is None:
            raise CommandError("Nobody active has that email address.")
        token = issue_api_token(
            user=user, name=options["name"], by=None, scopes=options["scope"], expires_on=options["expires"]
        )
        self.stdout.write(token)
