from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from accounts.models import User
from accounts.operations.keep_access import ask_personal_email
from foundation.process.command import OperationCommand


class Command(OperationCommand):
    help = "For a graduate who can no longer sign in: sends the link that adds ADDRESS to the account of UNIVERSITY_ID."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("university_id")
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(university_id=options["university_id"], is_active=True).first()
        if person is None or not person.is_student:
            raise CommandError("No active student or graduate has that university id.")
        ask_personal_email(person=person, email=options["address"], by=None)
        self.stdout.write("Sent. The link works for a day; then they choose a password.")
