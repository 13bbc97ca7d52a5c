from celery import shared_task
from django.utils import timezone

from accounts.operations import keep_access, sign_ins
from accounts.operations import seal_trail as sealing


@shared_task(name="accounts.remind_to_keep_access")
def remind_to_keep_access() -> None:
    """Once a day; run twice, it writes once."""
    keep_access.remind_to_keep_access(on=timezone.localdate())


@shared_task(name="accounts.seal_trail")
def seal_trail() -> None:
    sealing.seal_trail()


@shared_task(name="accounts.forget_old_sign_ins")
def forget_old_sign_ins() -> None:
    sign_ins.forget_old_sign_ins()
