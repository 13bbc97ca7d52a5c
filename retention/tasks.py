from celery import shared_task

from retention.operations import copies
from retention.operations import watch as watching
from retention.operations.nights import start_nightly_run
from retention.operations.work import clear_away, work_on_runs

LONGEST = 30 * 60
"""Seconds that a worker may take. The next minute's task continues."""


@shared_task(name="retention.begin_night")
def begin_night() -> None:
    """Runs nightly; running twice starts one run."""
    start_nightly_run()


@shared_task(name="retention.work", time_limit=LONGEST + 120)
def work() -> None:
    """Runs every minute. If it is redelivered while another worker runs, it finds the lock taken."""
    work_on_runs(seconds=LONGEST)
    clear_away()


@shared_task(name="retention.watch")
def watch() -> None:
    watching.watch()


@shared_task(name="retention.build_packages", time_limit=LONGEST)
def build_packages() -> None:
    """Runs every few seconds. If it is redelivered while another worker runs, it finds the lock taken."""
    copies.build_packages()
