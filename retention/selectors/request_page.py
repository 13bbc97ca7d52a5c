"""A request with its history, its copy and the possible next steps, for officers, the person and wellbeing leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from foundation.outcomes.refusals import Refused
from retention.models import (
    Package,
    PackageState,
    Redaction,
    RequestState,
    RightKind,
    RightsPart,
    RightsRequest,
    RightsStep,
)
from retention.rules.clock import facts_of, first_day_due, may_extend, may_pause
from retention.rules.link_tokens import link_token, read_link_token
from retention.schedule.data_class import DataClass, Reader
from retention.schedule.register import BY_KEY
from retention.selectors.copy import READINGS, CopyContent, Record, is_outdated, readable_parts, undecided
from retention.selectors.erasure import Erasure, erasure_of
from retention.selectors.redactor import Redactor

STEPS = {
    "received": "Received",
    "acknowledged": "Acknowledged",
    "paused": "Clock stopped: waiting for the person",
    "resumed": "Clock running again",
    "said": "From the person",
    "extended": "Two further months",
    "note": "Note",
    "restricted": "Use restricted",
    "lifted": "Restriction ended",
    "closed": "Answered",
    "withdrawn": "Withdrawn",
    "released": "Copy released",
    "permissions_withdrawn": "Permissions ended at once",
}
FOR_THE_PERSON = STEPS | {"paused": "We asked you for something", "said": "From you", "received": "You asked"}
LINK_SALT = "retention.copy"


@dataclass(frozen=True, slots=True)
class RequestStep:
    step: RightsStep
    words: str


@dataclass(frozen=True, slots=True)
class RequestPage:
    steps: list[RequestStep]
    package: Package | None
    redactions: list[Redaction]
    undecided: list[DataClass]
    parts: list[tuple[str, RightsPart]]
    names_waiting: bool
    contents: list[CopyContent]
    is_outdated: bool
    erasure: Erasure | None
    can_pause: bool
    can_extend: bool
    extend_until: date
    days_left: int


def request_page(request: RightsRequest, today: date) -> RequestPage:
    """A fixed number of queries; more for an erasure, which counts everything."""
    package = request.packages.first() if request.is_copy else None
    redactions = list(request.redactions.all())
    decided = {each.words for each in redactions}
    clock = facts_of(request)
    parts = [
        (BY_KEY[part.key].name, part)
        for part in request.parts.select_related("decided_by")
        if BY_KEY[part.key].reader == Reader.GOVERNANCE
    ]
    return RequestPage(
        steps=[RequestStep(step, STEPS.get(step.what, step.what)) for step in request.steps.select_related("by")],
        package=package,
        redactions=redactions,
        undecided=[each for each in undecided(request) if each.reader == Reader.GOVERNANCE] if request.is_open else [],
        parts=parts,
        contents=readable_parts(package) if package and package.state == PackageState.READY else [],
        is_outdated=bool(package and package.state == PackageState.READY and is_outdated(request, package)),
        names_waiting=bool(package and any(each["words"] not in decided for each in package.candidates)),
        erasure=erasure_of(request, today) if request.kind == RightKind.ERASURE and request.is_open else None,
        can_pause=request.state == RequestState.OPEN and bool(may_pause(clock, today)),
        can_extend=request.is_open and bool(may_extend(clock, today)),
        extend_until=first_day_due(clock),
        days_left=(request.due_on - today).days,
    )


@dataclass(frozen=True, slots=True)
class PartOfCopy:
    """A part of a copy that is read before its release. `decision`: who decided to include it, if anybody had to."""

    key: str
    name: str
    each: DataClass | None
    decision: RightsPart | None
    names: list[str]
    after: CopyContent | None

    def names_in(self, rows: list[tuple[str, Record]]) -> list[str]:
        """The names of other people that this part has and that are not blacked out."""
        return [words for words in self.names if any(Redactor([words])(row) != row for _, row in rows)]


def copy_part(request: RightsRequest, key: str) -> PartOfCopy | None:
    """None if the copy has no such part that information governance can read. At most two queries."""
    package = request.packages.first() if request.is_copy else None
    if package is None or package.state != PackageState.READY:
        raise Refused("copy_not_ready", "The copy is not ready yet.", "Wait until it is built.")
    parts = [*readable_parts(package), CopyContent(READINGS, READINGS_NAME, 0)]
    place = next((at for at, each in enumerate(parts) if each.key == key), None)
    if place is None:
        return None
    return PartOfCopy(
        key,
        parts[place].name,
        BY_KEY.get(key),
        request.parts.filter(key=key).select_related("decided_by").first(),
        [each["words"] for each in package.candidates],
        parts[place + 1] if place + 1 < len(parts) else None,
    )


READINGS_NAME = "Who looked at your notes and documents"


@dataclass(frozen=True, slots=True)
class FollowPage:
    request: RightsRequest
    steps: list[RequestStep]
    package: Package | None
    token: str
    is_late: bool


def follow_page(request: RightsRequest, today: date) -> FollowPage:
    """Two queries. The link is present while the copy can be downloaded."""
    package = request.packages.first() if request.is_copy else None
    steps = request.steps.filter(for_person=True)
    ready = package is not None and package.can_be_downloaded(today)
    return FollowPage(
        request,
        [RequestStep(step, FOR_THE_PERSON.get(step.what, step.what)) for step in steps],
        package,
        link_token(package.public_id, LINK_SALT) if package and ready else "",
        request.is_late(today),
    )


def package_of_link(token: str, person: User, today: date) -> Package | None:
    """None if the link is invalid, expired or somebody else's."""
    public_id = read_link_token(token, LINK_SALT)
    found = Package.objects.filter(public_id=public_id or "", request__person=person).select_related("request__person")
    package = found.first()
    return package if package and package.can_be_downloaded(today) else None


@dataclass(frozen=True, slots=True)
class Waiting:
    request: RightsRequest
    concerns: int


def waiting_for_wellbeing(lead: User) -> list[Waiting]:
    """Requested copies of people with a concern that is not decided yet, except the lead's own.

    Two queries, and one for each.
    """
    asked = RightsRequest.objects.filter(kind=RightKind.ACCESS).open().exclude(person=lead)
    asked = asked.filter(person__concerns__isnull=False).exclude(parts__key="wellbeing").distinct()
    return [Waiting(each, each.person.concerns.count()) for each in asked.select_related("person")]
