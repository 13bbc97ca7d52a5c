from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO

from accounts.feed.columns import Column
from accounts.feed.reading import FeedReader
from accounts.feed.rows import BadCell, text, usable_id
from accounts.models import User
from accounts.operations.record_audit import record_audit
from eligibility.models import Group, GroupMember
from foundation.outcomes.refusals import in_one_transaction

COLUMNS = (Column("university_id", "The person’s permanent number. We identify people by it.", "S1000001", True),)


@dataclass(slots=True)
class Members:
    """`reasons`: line → why the row was refused."""

    joins: int = 0
    stay: int = 0
    leave: int = 0
    reasons: dict[int, str] = field(default_factory=dict)


@in_one_transaction
def import_group(
    *, group: Group, file: IO[bytes], by: User | None, keep: bool = False, dry_run: bool = False
) -> Members:
    """Imports a complete list of members: people not in the file are removed, unless `keep`. Repeating it changes
    nothing.

    Locks the group. A bad row does not stop the others, but then nobody is removed, so that a typing error cannot take
    away somebody's appointments. Raises FileUnreadable if the whole file cannot be used.
    """
    group = Group.objects.select_for_update().get(pk=group.pk)
    done = Members()
    wanted = _people(file, done)
    existing = set(group.members.values_list("student", flat=True))
    joins = sorted(wanted - existing)
    leave = set() if keep or done.reasons else existing - wanted
    done.joins, done.stay, done.leave = len(joins), len(existing) - len(leave), len(leave)
    if dry_run or not (joins or leave):
        return done
    GroupMember.objects.bulk_create([GroupMember(group=group, student_id=student) for student in joins])
    group.members.filter(student__in=leave).delete()
    record_audit(
        actor=by,
        action="members_imported",
        on=group,
        joined=len(joins),
        left=len(leave),
    )
    return done


def _people(file: IO[bytes], done: Members) -> set[int]:
    reader = FeedReader(file, COLUMNS)
    place = reader.header.places["university_id"]
    lines: dict[str, int] = {}
    for line in reader:
        try:
            if line.problem:
                raise BadCell(line.problem)
            named = text("university_id", line.cells[place])
            if not usable_id(named):
                raise BadCell(
                    "The university_id is empty, too long, or has signs other than letters, digits and . _ / -"
                )
            lines.setdefault(named, line.number)
        except BadCell as problem:
            done.reasons[line.number] = str(problem)
    found = dict(User.objects.students().filter(university_id__in=lines).values_list("university_id", "pk"))
    for named, number in lines.items():
        if named not in found:
            done.reasons[number] = "No student or graduate has this university_id."
    return set(found.values())
