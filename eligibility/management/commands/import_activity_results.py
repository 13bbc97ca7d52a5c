from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.feed.reading import FileUnreadable
from eligibility.operations.read_result_file import ReadResults, import_results, refused_rows


class Command(BaseCommand):
    help = (
        "Import what students have done (activities) from a CSV file. Importing the same file again changes nothing. "
        "Exit codes: 0 done, 1 the file cannot be used. Rows that cannot be used are counted and skipped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--dry-run", action="store_true", help="say what it would change, and stop")
        parser.add_argument("--bad-rows", type=Path, metavar="OUT.csv", help="write the refused rows there")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                read = import_results(file=file, by=None, dry_run=options["dry_run"])
        except FileUnreadable as problem:
            raise CommandError(str(problem)) from problem
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.") from error
        self.say(read, options["dry_run"])
        if options["bad_rows"] and read.reasons:
            body = options["file"].read_bytes()
            options["bad_rows"].write_bytes(b"".join(refused_rows(body, read.reasons)))
            self.stdout.write(f"Refused rows are in {options['bad_rows']}.")

    def say(self, read: ReadResults, dry_run: bool) -> None:
        for what, number in read.counts.items():
            self.stdout.write(f"  {number:>7,} {what}")
        for line, reason in sorted(read.reasons.items())[:20]:
            self.stdout.write(f"  line {line}: {reason}")
        if len(read.reasons) > 20:
            self.stdout.write(f"  … and {len(read.reasons) - 20:,} more: --bad-rows OUT.csv")
        if read.unknown:
            self.stdout.write(f"Columns we do not know, passed over: {', '.join(read.unknown)}")
        self.stdout.write("Nothing was recorded: this was a dry run." if dry_run else "Recorded.")
