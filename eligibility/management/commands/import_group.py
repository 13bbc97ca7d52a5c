from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.feed.reading import FileUnreadable
from eligibility.models import Group
from eligibility.operations.import_group import import_group


class Command(BaseCommand):
    help = (
        "Sets the members of a group from a CSV file with the column university_id. People who are not in the file "
        "leave the group, unless a row cannot be used or --keep is given. "
        "Exit codes: 0 done, 1 no such group, or no usable file."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("group", help="the group's short name")
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--keep", action="store_true", help="nobody leaves")
        parser.add_argument("--dry-run", action="store_true", help="say what it would change, and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        group = Group.objects.filter(slug=options["group"]).first()
        if group is None:
            raise CommandError(f"There is no group “{options['group']}”.")
        try:
            with options["file"].open("rb") as file:
                done = import_group(group=group, file=file, by=None, keep=options["keep"], dry_run=options["dry_run"])
        except FileUnreadable as problem:
            raise CommandError(str(problem)) from problem
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.") from error
        self.stdout.write(f"  {done.joins:,} join, {done.stay:,} stay, {done.leave:,} leave")
        for line, reason in sorted(done.reasons.items()):
            self.stdout.write(f"  line {line}: {reason}")
        if done.reasons and not options["keep"]:
            self.stdout.write("Nobody leaves, because not every row could be used.")
        self.stdout.write("Nothing was changed: this was a dry run." if options["dry_run"] else "Done.")
