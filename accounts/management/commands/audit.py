from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import AuditSeal
from accounts.operations.seal_trail import seal_trail, verify_trail
from foundation.values.counted import counted


class Command(BaseCommand):
    help = "The audit trail: `seal` recent entries, or `verify` that no sealed entry was changed, removed or added."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("deed", choices=["seal", "verify"])
        parser.add_argument(
            "--anchor", metavar="DIGEST", help="verify: this digest, written down elsewhere earlier, is in the chain"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["deed"] == "seal":
            self.stdout.write(f"{counted(seal_trail(), 'entry')} sealed. Last digest: {last_digest()}")
            return
        found = verify_trail()
        if found.broken:
            seal = found.broken.seal
            raise CommandError(
                f"Broken at seal {seal.pk} (entries {seal.first_id} to {seal.last_id}, sealed "
                f"{seal.sealed_at:%Y-%m-%d %H:%M} UTC): {found.broken.why}. "
                f"The seals before it are intact: {found.seals:,}."
            )
        anchor = options["anchor"]
        if anchor and not AuditSeal.objects.filter(digest=anchor).exists():
            raise CommandError("That digest is not in the chain: seals that once were there have been removed.")
        self.stdout.write(
            f"{counted(found.entries, 'entry')} in {counted(found.seals, 'seal')} intact; "
            f"{found.unsealed} not sealed yet."
        )
        self.stdout.write(f"Last digest: {found.last}")


def last_digest() -> str:
    last = AuditSeal.objects.order_by("-last_id").first()
    return last.digest if last else "none"
