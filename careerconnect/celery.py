"""Celery, as a carrier of hints. PostgreSQL is the truth; a task's message holds one id and may be lost or repeated."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careerconnect.settings.production")

app = Celery("careerconnect")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    # A killed worker, or only its child, gives its task back.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    task_time_limit=120,
    # Publishing to a hung Redis must end; what was not published is swept up.
    task_publish_retry=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 300,
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
        # A sweep that has waited as long as the next one is due is of no use.
        "sweep the outbox": {"task": "messaging.sweep_outbox", "schedule": 10.0, "options": {"expires": 10.0}},
        "sweep documents": {"task": "documents.sweep_documents", "schedule": 30.0, "options": {"expires": 30.0}},
    },
)
app.autodiscover_tasks()
