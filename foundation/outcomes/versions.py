"""Versions: a page or a program that last saw a thing before somebody else changed it is told so, and asked once.

A page carries the version of what it shows; a program sends it in `If-Match`. The operation compares it with the row
that it has locked, after its rules and before it writes. A version is computed from what the row says, so nothing has
to raise it, and a change that was undone again is no change.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.crypto import salted_hmac

from foundation.outcomes.refusals import Refused

SALT = "foundation.outcomes.versions"
LENGTH = 20
CHANGED = "changed_since"


class Changed(Refused):
    """Somebody changed the thing after the page or the program had seen it. Pages answer 409, the API 412."""

    def __init__(self, news: str = "") -> None:
        super().__init__(CHANGED, news or "Somebody has changed this since you opened it.", "Check it, then try again.")


class Versioned(models.Model):
    """A thing that several people change.

    `seen_versions` are the versions that the page or program names; none if it names none, and then nothing is
    compared. `not_in_version` are fields that may change without making a page stale.
    """

    seen_versions: Sequence[str] = ()
    not_in_version: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    @property
    def version(self) -> str:
        """No query, unless `linked_keys` needs one."""
        fields = [field for field in self._meta.concrete_fields if field.name not in self.not_in_version]
        return version_of(self._meta.label, *(getattr(self, field.attname) for field in fields), *self.linked_keys())

    def linked_keys(self) -> Sequence[Any]:
        """What else belongs to the thing: the keys of rows in other tables, in a fixed order."""
        return ()

    def is_as_seen(self, version: str) -> bool:
        return version == self.version


def as_seen(seen: Versioned, locked: Versioned) -> bool:
    """Is the locked row as the page or program saw it? Also if that named no version."""
    return not seen.seen_versions or any(locked.is_as_seen(version) for version in seen.seen_versions)


def version_of(*values: Any) -> str:
    """Keyed, so that a page tells nobody what fields hold that it does not show."""
    return salted_hmac(SALT, repr([_plain(value) for value in values]), algorithm="sha256").hexdigest()[:LENGTH]


def _plain(value: Any) -> Any:
    """The same text for a value in memory and for the value that the database returns for it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if hasattr(value, "upper_inc"):
        return [_plain(value.lower), _plain(value.upper), value.isempty]
    if isinstance(value, dict):
        return sorted((str(key), _plain(inner)) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if value is None else str(value)
