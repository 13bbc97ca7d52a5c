"""What a sign-on service has proven about somebody, whichever protocol it spoke."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from foundation.values.unseen_signs import without_unseen


@dataclass(frozen=True, slots=True)
class Assertion:
    """A verified statement. `issuer` and `subject` are the identity; `email` is only ever compared, never a key."""

    issuer: str
    subject: str
    university_id: str = ""
    email: str = ""
    second_factor: bool = False

    def __post_init__(self) -> None:
        """What is compared is cleaned of what nobody sees; the identity itself is left as it was asserted."""
        object.__setattr__(self, "university_id", without_unseen(self.university_id).strip())
        object.__setattr__(self, "email", without_unseen(self.email).strip())

    @property
    def key(self) -> str:
        return identity_key(self.issuer, self.subject)


def identity_key(issuer: str, subject: str) -> str:
    """One text for the pair, of fixed length: issuers and subjects together may be longer than allauth's column."""
    return hashlib.sha256(f"{len(issuer)}:{issuer}{subject}".encode()).hexdigest()


def says_second_factor(wanted: Mapping[str, Iterable[str]], said: Mapping[str, object]) -> bool:
    """True when any claim holds one of the values that the configuration takes as proof of a second factor."""
    return any(value in _values(said.get(claim)) for claim, values in wanted.items() for value in values)


def _values(claim: object) -> list[object]:
    return list(claim) if isinstance(claim, list | tuple) else [claim]
