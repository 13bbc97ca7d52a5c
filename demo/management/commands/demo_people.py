from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.seeding.named_people import NAMED_PEOPLE


class Command(BaseCommand):
    help = "Prints the people you can sign in as."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--brief", action="store_true", help="the most useful people only")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("There are no people to try things as outside the demonstration.")
        people = [person for person in NAMED_PEOPLE if person.job or not options["brief"]]
        width = max(len(person.email) for person in people)
        self.stdout.write(f"Sign in as (password for everybody: {settings.DEMO_PASSWORD})")
        for person in people:
            what = person.job if options["brief"] else person.situation
            self.stdout.write(f"  {person.email:<{width}}  {what}")
