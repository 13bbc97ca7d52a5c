from __future__ import annotations

from celery import shared_task

from documents.operations import check, sweep


@shared_task(name="documents.check_version")
def check_version(version_id: str) -> None:
    """Checks one version. Running it twice checks once."""
    check.check_version(int(version_id))


@shared_task(name="documents.sweep_documents")
def sweep_documents() -> None:
    sweep.sweep_documents()
