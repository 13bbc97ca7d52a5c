import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import close_old_connections

from accounts.feed.operations.files import pieces_of, stored_pieces
from accounts.feed.operations.runs import approve_feed_run, start_feed_run
from accounts.feed.operations.work import import_lock, work_on, work_on_waiting_runs
from accounts.feed.words import difference_lines
from accounts.models import FeedRun, FeedSource, FeedState, FileKind
from foundation.process.command import OperationCommand

LARGE = 3
"""Exit code: nothing was applied, because somebody has to check the difference first."""

ALL_REFUSED = 4
"""Exit code: the file can be read, but every row of it was refused."""


WAIT = 600.0
"""Seconds. Several times what the largest file takes, and less than a night."""


class Command(OperationCommand):
    help = (
        "Import the student feed: says what the file would change, then applies it. "
        "Exit codes: 0 done, 1 the file or the run was refused, 3 a large change that needs --allow-large-change, "
        "4 every row was refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", metavar="FILE.csv")
        parser.add_argument("--dry-run", action="store_true", help="say what it would change, and stop")
        parser.add_argument("--allow-large-change", action="store_true", help="apply also above the policy's share")
        parser.add_argument("--refuse-unknown-programmes", action="store_true", help="add no programmes")
        parser.add_argument("--bad-rows", type=Path, metavar="OUT.csv", help="write the refused rows there")
        parser.add_argument(
            "--wait", type=float, default=WAIT, metavar="SECONDS", help="how long to wait for another import to end"
        )
        parser.add_argument(
            "--waiting", action="store_true", help="work on what was uploaded, without Redis or a worker"
        )
        parser.add_argument("--every", type=float, metavar="SECONDS", help="with --waiting: keep looking")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["waiting"]:
            return self.wait(options["every"])
        if options["file"] is None:
            raise CommandError("Say which file: manage.py import_people FILE.csv")
        try:
            self.import_file(**options)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.") from error

    def import_file(self, **options: Any) -> None:
        wait = options["wait"]
        words = f"Another student feed is being worked on. Waiting for up to {wait:g} seconds …"
        with import_lock(wait, lambda: self.stdout.write(words)):
            run = self.checked(**options)
            if run.is_large_change and not options["allow_large_change"]:
                words = "More people would change, leave or be refused than the policy's share. Nothing was applied. "
                raise CommandError(words + "If that is right: --allow-large-change.", returncode=LARGE)
            if options["dry_run"]:
                self.stdout.write("Nothing was applied: this was a dry run. It can be applied from the page, too.")
                return
            approve_feed_run(run=run, by=None, accepts_large_change=options["allow_large_change"])
            run.refresh_from_db()
            work_on(run)
            if run.state != FeedState.APPLIED:
                raise CommandError(run.problem or "The difference has become large meanwhile.", returncode=LARGE)
            self.stdout.write("Applied.")

    def checked(self, **options: Any) -> FeedRun:
        with options["file"].open("rb") as file:
            run = start_feed_run(
                pieces=pieces_of(file), source=FeedSource.COMMAND, by=None,
                adds_programmes=not options["refuse_unknown_programmes"],
            )  # fmt: skip
        work_on(run)
        if run.state == FeedState.REFUSED and run.counts:
            self.write_bad_rows(run, options["bad_rows"])
            raise CommandError(run.problem, returncode=ALL_REFUSED)
        if run.state != FeedState.CHECKED:
            raise CommandError(run.problem)
        for line in difference_lines(run.counts, run.report):
            self.stdout.write(line)
        self.write_bad_rows(run, options["bad_rows"])
        return run

    def write_bad_rows(self, run: FeedRun, out: Path | None) -> None:
        if not run.counts["bad_rows"]:
            return
        if out is None:
            self.stdout.write("  Reasons: --bad-rows OUT.csv, or on the page of this run.")
            return
        with out.open("wb") as file:
            file.writelines(stored_pieces(run, FileKind.BAD_ROWS))
        self.stdout.write(f"  Refused rows are in {out}.")

    def wait(self, every: float | None) -> None:
        while True:
            steps = work_on_waiting_runs()
            if steps or every is None:
                self.stdout.write(f"{steps} taken up")
            if every is None:
                return
            close_old_connections()
            time.sleep(every)
