from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.models import DocumentVersion
from documents.selectors.unreadable import unreadable_versions
from foundation.values.counted import counted


class Command(BaseCommand):
    help = "Read every stored document, and name those whose file is missing or was changed. After restoring a backup."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(unreadable_versions())
        for version, wrong in found:
            self.stdout.write(f"document {version.document.public_id}, version {version.number}: {wrong}")
        if found:
            raise CommandError(f"{counted(len(found), 'file')} missing or changed.")
        checked = DocumentVersion.objects.filter(file__isnull=False).count()
        self.stdout.write(f"{counted(checked, 'file')} readable.")
