"""After restoring a backup, one command tells which documents cannot be read."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from tests.documents.conftest import Upload

pytestmark = pytest.mark.django_db


def test_missing_and_changed_files_are_named(upload: Upload, kept: Callable[[], list[str]]) -> None:
    whole, missing, changed, waiting = upload(), upload(), upload(), upload(checked=False)
    said = StringIO()
    call_command("check_documents", stdout=said)
    assert said.getvalue().startswith("4 files")
    names = {document: document.versions.get().file.name for document in (missing, changed)}
    for name in names.values():
        storages["documents"].delete(name)
    storages["documents"].save(names[changed], ContentFile(b"%PDF-1.7 of somebody else"))
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("check_documents", stdout=said)
    assert [line.split()[1].rstrip(",") + line.rpartition(":")[2] for line in said.getvalue().splitlines()] == [
        f"{missing.public_id} missing",
        f"{changed.public_id} changed",
    ]
    assert not {whole.public_id, waiting.public_id} & set(said.getvalue().split())
