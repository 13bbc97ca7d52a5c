from celery import shared_task

from security.operations import forget


@shared_task(name="security.forget_leads")
def forget_leads() -> None:
    """Daily; run twice, it forgets once."""
    forget.forget_leads()
