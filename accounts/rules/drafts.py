"""How a draft is encrypted: with a key for its person alone."""

import json

from foundation.values.secret_keys import seal, unseal

Typed = dict[str, list[str]]
"""What a form sends: the values of each field by its name."""

LARGEST = 64 * 1024
"""Bytes of one draft. The longest text of any form is 5,000 characters."""
PURPOSE = b"draft"


def sealed_draft(typed: Typed, owner: str) -> bytes | None:
    """None if there is nothing worth keeping, or too much. `owner`: the person's public id."""
    said = json.dumps(typed)
    is_empty = not any(value.strip() for values in typed.values() for value in values)
    return None if is_empty or len(said.encode()) > LARGEST else seal(said, owner, PURPOSE)


def opened_draft(sealed: bytes, owner: str) -> Typed:
    """Empty if the secret that it was encrypted with is no longer known."""
    said = unseal(sealed, owner, PURPOSE)
    typed: Typed = json.loads(said) if said else {}
    return typed
