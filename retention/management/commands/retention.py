from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.values.counted import counted
from retention.models import PurgeRun
from retention.operations.evidence import broken_link
from retention.operations.nights import start_dry_run, start_nightly_run
from retention.operations.tombstones import TombstonesSpoiled, replay_tombstones
from retention.operations.watch import watch
from retention.operations.work import work_on_runs
from retention.schedule.register import BY_KEY, SCHEDULE


class Command(BaseCommand):
    help = "Retention: run tonight's deletion, preview it, replay deletions after a restore, or verify past nights."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["run", "dry-run", "replay", "verify", "schedule", "watch"])

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, options["what"].replace("-", "_"))()

    def run(self) -> None:
        """Does what Celery beat does each night. Running it again resumes an interrupted run."""
        start_nightly_run()
        work_on_runs()
        latest = PurgeRun.objects.filter(is_dry=False).first()
        if latest is not None:
            self._tell(latest)

    def dry_run(self) -> None:
        run = start_dry_run(by=None)
        work_on_runs()
        run.refresh_from_db()
        self._tell(run)

    def replay(self) -> None:
        try:
            files, found = replay_tombstones()
        except TombstonesSpoiled as spoiled:
            raise CommandError(f"Stopped: {spoiled}. Nothing of that file was applied.") from spoiled
        self.stdout.write(f"{files} files of tombstones applied; {found} people and queries had come back.")

    def verify(self) -> None:
        if (run := broken_link()) is not None:
            raise CommandError(f"The run of {run.night} is not as it was sealed.")
        self.stdout.write(f"{counted(PurgeRun.objects.completed().count(), 'night')}, each as it was sealed.")

    def schedule(self) -> None:
        for each in SCHEDULE:
            self.stdout.write(
                f"{each.key}: {each.name}. Clock: {each.clock}; {each.period or 'no period'}; {each.then}"
            )

    def watch(self) -> None:
        self.stdout.write(f"{watch()} warned")

    def _tell(self, run: PurgeRun) -> None:
        self.stdout.write(f"Night of {run.night}: {run.get_state_display()}. {run.asks_because}".rstrip())
        self.stdout.write(f"{run.people_due} of {run.people_total} people due, {run.people_done} deleted, "
                          f"{run.people_held} held, {run.files_removed} files removed")  # fmt: skip
        for count in run.counts.order_by("pk"):
            if count.listed or count.due:
                self.stdout.write(f"  {BY_KEY[count.key].name}: {count.listed} listed, {count.forgotten} deleted, "
                                  f"{count.held} held, {count.failed} failed")  # fmt: skip
