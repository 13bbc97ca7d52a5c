from celery import shared_task

from documents.operations import check, sweep


@shared_task(name="documents.check_versions")
def check_versions(version_ids: list[str]) -> None:
    """Running it twice checks once."""
    check.check_versions(map(int, version_ids))


@shared_task(name="documents.sweep_documents")
def sweep_documents() -> None:
    sweep.sweep_documents()
