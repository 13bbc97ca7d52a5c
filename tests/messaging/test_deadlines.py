"""An outer deadline must be longer than the ones inside it."""

from __future__ import annotations

from django.conf import settings

from careerconnect.celery import app
from foundation.process import deadlines as d
from messaging.providers.sms import TIMEOUT_SECONDS


def test_inner_deadlines_end_before_outer_ones() -> None:
    assert d.ANSWER < d.CONVERSATION
    assert (d.SWEEP + TIMEOUT_SECONDS) + (d.SWEEP + d.CONVERSATION + d.GOODBYE) < d.TASK
    alone = d.SWEEPER_PAUSE + (d.SWEEPER_ROUND + TIMEOUT_SECONDS) + (d.SWEEPER_ROUND + d.CONVERSATION + d.GOODBYE)
    assert alone < d.STAMP_IS_OLD
    assert d.TASK < d.LEASE <= d.VISIBILITY
    assert d.BEAT * 2 < d.TASK < d.STAMP_IS_OLD


def test_a_server_that_takes_18_seconds_an_answer_still_gets_the_message() -> None:
    greeting_to_content = ("greeting", "ehlo", "starttls", "ehlo", "auth", "mail", "rcpt", "data", "content")
    assert 18 * len(greeting_to_content) < d.CONVERSATION
    assert d.ANSWER > 18


def test_settings_and_celery_use_them() -> None:
    assert settings.MESSAGING_EMAIL_DEADLINE == d.CONVERSATION
    assert settings.MESSAGING_LEASE_SECONDS == d.LEASE
    assert settings.EMAIL_TIMEOUT == d.ANSWER
    assert app.conf.task_time_limit == d.TASK
    assert app.conf.broker_transport_options["visibility_timeout"] == d.VISIBILITY


def test_one_process_of_a_worker_is_left_for_short_tasks() -> None:
    """Feed tasks wait for each other's lock, so the two count once."""
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    long = {name for name, task in ours.items() if (task.time_limit or 0) > d.TASK}
    assert long == {
        "accounts.work_on_feeds",
        "accounts.import_nightly_feed",
        "retention.work",
        "retention.build_packages",
    }
    assert d.WORKERS > d.LONG_TASKS_AT_ONCE
