"""What a sign-on service has asserted about a person, in OpenID Connect or SAML."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from foundation.values.unseen_signs import without_unseen


@dataclass(frozen=True, slots=True)
class Assertion:
    """A verified assertion.

    `issuer` and `subject` identify the person; `email` is only compared, never used as a key.
    """

    issuer: str
    subject: str
    university_id: str = ""
    email: str = ""
    second_factor: bool = False

    def __post_init__(self) -> None:
        """Removes invisible characters from what we compare. The identity stays as it was asserted."""
        object.__setattr__(self, "university_id", without_unseen(self.university_id).strip())
        object.__setattr__(self, "email", without_unseen(self.email).strip())

    @property
    def key(self) -> str:
        return identity_key(self.issuer, self.subject)


def identity_key(issuer: str, subject: str) -> str:
    """A fixed-length key for the pair, which together may be longer than allauth's column."""
    return hashlib.sha256(f"{len(issuer)}:{issuer}{subject}".encode()).hexdigest()


def says_second_factor(wanted: Mapping[str, Iterable[str]], said: Mapping[str, object]) -> bool:
    """Whether any claim has one of the values that the configuration accepts as proof of a second factor."""
    return any(value in _values(said.get(claim)) for claim, values in wanted.items() for value in values)


def _values(claim: object) -> list[object]:
    return list(claim) if isinstance(claim, list | tuple) else [claim]
