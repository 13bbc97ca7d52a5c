from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email

from accounts.models import Role
from accounts.operations.add_colleague import NewColleague, add_first_administrator
from foundation.process.command import OperationCommand
from foundation.values.person_names import composed_name, validate_person_name


class Command(OperationCommand):
    help = (
        "Adds the first administrator and emails them a link to choose a password. Asks for what you leave out. "
        "Run it again to send a new link; once an administrator has signed in, it refuses."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", help="given name and family name")
        parser.add_argument("--email")
        parser.add_argument("--print", action="store_true", help="print the link too, if no email arrives yet")

    def handle(self, *args: Any, **options: Any) -> None:
        name = composed_name(options["name"] or input("Name: "))
        email = (options["email"] or input("Email address: ")).strip()
        try:
            validate_person_name(name)
            validate_email(email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        given, _, family = name.rpartition(" ")
        colleague = NewColleague(given or family, family if given else "", email, [Role.ADMINISTRATOR])
        person, link = add_first_administrator(colleague=colleague)
        self.stdout.write(f"Invitation sent to {person.email}.")
        if options["print"]:
            self.stdout.write(link)
