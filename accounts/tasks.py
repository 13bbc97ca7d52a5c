from celery import shared_task
from django.utils import timezone

from accounts.feed.operations.runs import start_nightly_run
from accounts.feed.operations.work import work_on_waiting_runs
from accounts.operations import keep_access
from accounts.operations import seal_trail as sealing


@shared_task(name="accounts.remind_to_keep_access")
def remind_to_keep_access() -> None:
    """Runs daily; running twice sends each email once."""
    keep_access.remind_to_keep_access(on=timezone.localdate())


@shared_task(name="accounts.seal_trail")
def seal_trail() -> None:
    sealing.seal_trail()


LONGEST = 30 * 60
"""Seconds; enough for a large file on a slow machine. If the task is redelivered meanwhile, it finds the lock taken."""


@shared_task(name="accounts.work_on_feeds", time_limit=LONGEST)
def work_on_feeds() -> None:
    """Checks and applies waiting runs; running twice does the work once."""
    work_on_waiting_runs()


@shared_task(name="accounts.import_nightly_feed", time_limit=LONGEST)
def import_nightly_feed() -> None:
    if start_nightly_run():
        work_on_waiting_runs()
