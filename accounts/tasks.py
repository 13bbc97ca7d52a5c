from __future__ import annotations

from celery import shared_task

from accounts.operations.import_people.files import forget_feed_files as forget
from accounts.operations.import_people.runs import start_nightly_run
from accounts.operations.import_people.work import work_on_waiting_runs

LONGEST = 30 * 60
"""Seconds. A large file on a slow machine; delivered a second time meanwhile, the task finds the lock taken."""


@shared_task(name="accounts.work_on_feeds", time_limit=LONGEST)
def work_on_feeds() -> None:
    """Checks and applies what waits; run twice, it does it once."""
    work_on_waiting_runs()


@shared_task(name="accounts.import_nightly_feed", time_limit=LONGEST)
def import_nightly_feed() -> None:
    if start_nightly_run():
        work_on_waiting_runs()


@shared_task(name="accounts.forget_feed_files")
def forget_feed_files() -> None:
    forget()
