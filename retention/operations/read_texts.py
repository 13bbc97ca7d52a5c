"""Records that an officer reads other people's texts to review names in them, before they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import User
from accounts.operations.record_audit import Subject, record_audit
from foundation.outcomes.refusals import in_one_transaction
from retention.models import PackageState, RightsRequest, TextMention
from retention.selectors.overview import MentionInText, places_of


@in_one_transaction
def read_places(*, mentions: Sequence[TextMention], by: User) -> list[MentionInText]:
    """The texts around the mentions. Records nothing if there are none."""
    if mentions:
        record_audit(actor=by, action="names_read", on=Subject("text_mention"), count=len(mentions))
    return places_of(mentions)


@in_one_transaction
def record_names_read(*, request: RightsRequest, by: User) -> None:
    """Records reading the names found in a copy that is waiting for release."""
    package = request.packages.first()
    if package is not None and package.state == PackageState.READY and package.candidates:
        record_audit(
            actor=by, action="copy_names_read", on=request,
            student=request.person, count=len(package.candidates),
        )  # fmt: skip
