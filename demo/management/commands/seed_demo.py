import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from appointments.models import Booking
from demo.seeding.filling import bring_up_to_today, fill, is_filled, is_up_to_date
from demo.seeding.institution import SEED, Institution
from foundation.values.times import database_now


class Command(BaseCommand):
    help = "Fills an empty database with the demonstration institution, or updates a filled one to today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing if it is filled and up to date")
        parser.add_argument("--seed", type=int, default=SEED, help="another number makes other people")
        parser.add_argument("--small", action="store_true", help="a twentieth of the people, for tests")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("The demonstration is filled in only under careerconnect.settings.demo.")
        logging.getLogger("messaging").setLevel(logging.WARNING)  # progress is printed instead
        institution = Institution(database_now(), options["seed"], options["small"], self.stdout.write)
        if is_filled():
            if options["if_empty"] and is_up_to_date(institution):
                return
            self.stdout.write("Bringing Northbridge University up to today")
            bring_up_to_today(institution)
        elif User.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("This database has people of its own; the demonstration only fills an empty one.")
        else:
            self.stdout.write("Creating Northbridge University")
            fill(institution)
        self.stdout.write(f"  {User.objects.count():,} people, {Booking.objects.count():,} appointments")
