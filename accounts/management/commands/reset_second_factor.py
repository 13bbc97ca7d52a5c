from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.operations.reset_second_factor import reset_second_factor


class Command(BaseCommand):
    help = (
        "Removes the passkeys, app and codes of somebody who has lost them. Check first that the person asking owns "
        "the account."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.with_email(options["email"]).first()
        if person is None:
            raise CommandError("Nobody has that email address.")
        removed = reset_second_factor(person=person, by=None)
        self.stdout.write(f"{removed} removed. The next sign-in asks to set up a new one.")
