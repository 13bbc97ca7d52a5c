"""Celery configuration. PostgreSQL holds all state: a task carries one id at most, and may be lost or repeated."""

import os
from contextvars import Token
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import task_postrun, task_prerun, worker_init
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue
from kombu.transport import TRANSPORT_ALIASES

from foundation.db.pooler import require_usable_pooler
from foundation.process import deadlines
from foundation.web.origins import TASK, Origin, came_from, comes_from

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careerconnect.settings.production")

HEARTBEAT, HEARTBEAT_QUEUE = "messaging.heartbeat", "heartbeat"

# Not `broker_transport`: the URL of a Unix socket (redis+socket://) would override it.
TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), "foundation.process.broker:NudgeTransport"))

app = Celery("careerconnect")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    # If a worker or its child process is killed, its task returns to the queue.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    task_time_limit=deadlines.TASK,
    # Publishing to a hung Redis must not block; a sweep finds what was not published.
    task_publish_retry=False,
    broker_connection_retry_on_startup=True,
    # Kombu gives up after a hundred attempts; we wait even for a broker that is away all night.
    broker_connection_max_retries=None,
    # Heartbeats have their own queue so that they never wait behind other tasks: workers take from queues in turn.
    task_queues=[Queue("celery"), Queue(HEARTBEAT_QUEUE)],
    task_routes={HEARTBEAT: {"queue": HEARTBEAT_QUEUE}},
    broker_transport_options={
        "visibility_timeout": deadlines.VISIBILITY,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "health_check_interval": 25,
    },
    task_serializer="json",
    accept_content=["json"],
    timezone="UTC",
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    beat_schedule={
        "stamp that work is done": {"task": HEARTBEAT, "schedule": float(deadlines.BEAT), "options": {"expires": 60.0}},
        # A sweep still waiting when the next one is due is useless.
        "sweep the outbox": {"task": "messaging.sweep_outbox", "schedule": 10.0, "options": {"expires": 10.0}},
        "ask people to keep their access": {
            "task": "accounts.remind_to_keep_access",
            "schedule": crontab(hour=7, minute=5),
        },
        "seal the audit trail": {"task": "accounts.seal_trail", "schedule": 600.0, "options": {"expires": 600.0}},
        "take up student feeds": {"task": "accounts.work_on_feeds", "schedule": 10.0, "options": {"expires": 10.0}},
        # UTC. Imports the file at FEED_FILE, if set.
        "nightly student feed": {"task": "accounts.import_nightly_feed", "schedule": crontab(hour=2, minute=30)},
        "cancel held appointments whose time has come": {"task": "appointments.cancel_passed_holds", "schedule": 300.0},
        "offer freed places at events": {
            "task": "events.sweep_waiting_lists",
            "schedule": 60.0,
            "options": {"expires": 60.0},
        },
        "tell students whose appointment must move": {"task": "appointments.tell_who_must_move", "schedule": 300.0},
        # After the student feed, so that tonight's course corrections count. UTC; it is the same local day in summer
        # too.
        "begin the nightly run": {"task": "retention.begin_night", "schedule": crontab(hour=3, minute=45)},
        "work on the nightly run": {"task": "retention.work", "schedule": 60.0, "options": {"expires": 60.0}},
        "put copies together": {"task": "retention.build_packages", "schedule": 15.0, "options": {"expires": 15.0}},
        "watch the nightly run": {"task": "retention.watch", "schedule": 3600.0, "options": {"expires": 3600.0}},
        "read the mailbox": {"task": "queries.read_mailbox", "schedule": 120.0, "options": {"expires": 120.0}},
        "sweep documents": {"task": "documents.sweep_documents", "schedule": 30.0, "options": {"expires": 30.0}},
    },
)
app.autodiscover_tasks()

_came: dict[str, Token[Origin]] = {}


@worker_init.connect
def _worker_starts(**more: Any) -> None:
    """SystemExit, because Celery logs other errors of a signal and starts all the same."""
    try:
        require_usable_pooler()
    except ImproperlyConfigured as fault:
        raise SystemExit(str(fault)) from fault


@task_prerun.connect
def _task_begins(task_id: str, **more: Any) -> None:
    """Sets the origin of audit entries written by the task, even if it runs eagerly inside a request."""
    _came[task_id] = comes_from(TASK)


@task_postrun.connect
def _task_ends(task_id: str, **more: Any) -> None:
    if token := _came.pop(task_id, None):
        came_from(token)
