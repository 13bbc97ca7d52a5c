from celery import shared_task
from django.utils import timezone

from accounts.operations import keep_access


@shared_task(name="accounts.remind_to_keep_access")
def remind_to_keep_access() -> None:
    """Once a day; run twice, it writes once."""
    keep_access.remind_to_keep_access(on=timezone.localdate())
