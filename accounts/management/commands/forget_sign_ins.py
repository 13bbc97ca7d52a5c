from typing import Any

from django.core.management.base import BaseCommand

from accounts.operations.sign_ins import forget_old_sign_ins
from foundation.values.counted import counted


class Command(BaseCommand):
    help = "Removes records of sign-ins that are older than the policy's setting, and sessions that have run out."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{counted(forget_old_sign_ins(), 'record')} of sign-ins removed.")
