from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.operations.api_tokens import issue_api_token


class Command(BaseCommand):
    help = "Prints a new personal token for the API, to be sent as `Authorization: Token …`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line", help="what the person sees it listed as")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.with_email(options["email"]).filter(is_active=True).first()
        if user is None:
            raise CommandError("Nobody active has that e-mail address.")
        self.stdout.write(issue_api_token(user=user, name=options["name"], by=None))
