from celery import shared_task

from accounts.operations import seal_trail as sealing
from accounts.operations import sign_ins


@shared_task(name="accounts.seal_trail")
def seal_trail() -> None:
    sealing.seal_trail()


@shared_task(name="accounts.forget_old_sign_ins")
def forget_old_sign_ins() -> None:
    sign_ins.forget_old_sign_ins()
