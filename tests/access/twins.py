"""Every permission has a queryset twin, which limits what a person's list may contain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps

from tests.access.matrix import document, group
from tests.access.scene import Scene

LIMITS = ("visible_to", "answered_by", "owned_by", "shared_with", "shared_by_name_with", "colleagues")


def limits() -> dict[str, tuple[Any, Any, str]]:
    """Finds all limits: `Booking.visible_to` → the model, its queryset class and the method."""
    found = {}
    for model in apps.get_models():
        rows = getattr(model._default_manager.__class__, "_queryset_class", None)
        found |= {f"{model.__name__}.{name}": (model, rows, name) for name in LIMITS if rows and name in vars(rows)}
    return found


def twin_problems(scene: Scene, twin: str) -> Iterator[str]:
    """Checks for each signed-in person whether this limit includes the object in the scene (or, if none is named, any
    row)."""
    said = document()["twins"][twin]
    model, _, name = limits()[twin]
    ids = scene.about[said["thing"]] if "thing" in said else {}
    of_row = {
        "pk" if key == "object_id" else key: value for key, value in ids.items() if key in ("object_id", "public_id")
    }
    for person, user in scene.people.items():
        seen = getattr(model._default_manager.all(), name)(user).filter(**of_row).exists()
        if seen is not (person in group(said["who"])):
            yield f"{twin}: {person} {'sees' if seen else 'does not see'} {said.get('thing', 'any')}"
