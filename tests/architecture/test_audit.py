"""Every operation that writes leaves an audit entry, itself or through what it calls. Exceptions give their reason."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.architecture.test_house import ROOT, tracked
from tools.places import PACKAGES

WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "update",
    "delete",
    "set",
}
RECORD = "record_audit"

EXCEPTIONS = {
    "eligibility.note_appeal": "what became of an appeal, whose query has its own entry",
    "queries.tell_hold": "the same",
    # The outbox has a history of its own for each row (Attempt), and what a message reports is in the trail already.
    "messaging.cancel_messages": "withdraws what its caller has recorded the change of",
    "messaging.claim_message": "a step of sending",
    "messaging.deliver_message": "a step of sending",
    "messaging.deliver_messages": "a step of sending",
    "messaging.deliver_due": "a step of sending",
    "messaging.hand_over": "a step of sending",
    "messaging.look_up_unknown": "a step of sending",
    "messaging.note_copy": "a step of sending",
    "messaging.record_heartbeat": "a stamp of each minute, about nobody",
    "messaging.queue_messages": "the notice of a deed that its caller records",
    "messaging.store_messages": "the notice of a deed that its caller records",
    "messaging.recover_stuck": "a step of sending",
    "messaging.settle": "a step of sending",
    "messaging.settle_permanent": "a step of sending",
    "messaging.settle_sent": "a step of sending",
    "messaging.settle_strike": "a step of sending",
    "messaging.settle_temporary": "a step of sending",
    "messaging.settle_uncertain": "a step of sending",
    "messaging.settle_withdrawn": "a step of sending",
    "messaging.sweep_outbox": "a step of sending",
    "messaging.hold_back": "the notice of a deed that its caller records",
    "messaging.withdraw_messages": "part of undoing, which its caller records",
    "messaging.requeue_messages": "part of undoing, which its caller records",
    "eligibility.count_attendance": "part of a check-in, which its caller records",
    "eligibility.use_again": "part of undoing a cancellation, which its caller records",
    # Parts of one operation, in a layer below it; the caller's entry covers them.
    "accounts.note_token_use": "the day of last use, which the owner sees",
    "rulebook.import_versions": "part of importing a rules file",
    "eligibility.keep_in_step": "part of scheduling and withdrawing a rule",
    "eligibility.use_allocation": "part of booking and moving, whose entry says that it counts",
    "eligibility.give_allocation_back": "part of cancelling and moving",
    "eligibility.leave_uses_to": "part of moving",
    "events.count_use": "part of registering, of accepting a place and of reopening the attendance",
    "events.drawn_again": "writes a picture in memory; its caller records the change",
    "events.end_waiting": "part of leaving, accepting or sweeping, which its caller records",
    "events.leave_list_for": "part of registering",
    "events.queue_registration_notices": "the notice of a deed that its caller records",
    "events.save_details": "part of registering",
    "events.set_counted": "part of checking in and of closing the attendance",
    "places.give_places_back": "part of cancelling an event, which its caller records",
    "places.use_places": "part of setting the sessions of an event, which its caller records",
    "appointments.count_use": "part of booking and moving",
    "appointments.queue_booking_notices": "the notice of a deed that its caller records",
    # Steps of a feed run. Its start, approval, check and end are recorded for the run with who did them, and the names
    # of the fields it changed for each person (FeedChange).
    "accounts.apply_difference": "a step of a run that is recorded",
    "accounts.approve": "the state of a run whose approval is recorded by its caller",
    "accounts.progress": "how far a run has come",
    "accounts.read_and_compare": "a step of a run that is recorded",
    "accounts.store_bad_rows": "a step of a run that is recorded",
    "accounts.store_file": "the file of a run that is recorded",
    # Files of documents: uploading, checking and deleting the document are recorded.
    "documents.store_file": "part of handing a document in",
    "documents.throw_away": "part of deleting a document",
    "documents.sweep_files": "files that no document has any more",
    # Changes to a session, whose beginning and end are recorded.
    "accounts.renew_sign_in": "seen, not done: at most every five minutes",
    "accounts.rename_session": "the same session under a new key",
    "accounts.count_event": "a count that lasts a day, and is taken back or forgotten",
    "accounts.require_count": "the same, or a refusal",
    "accounts.save_draft": "what somebody typed and has not sent; nothing was done yet",
    "accounts.drop_draft": "the same: sent, which its own operation records, or not wanted any more",
    "queries.see_replies": "when somebody opened their own query",
    "queries.require_not_too_many": "the same, or a refusal",
    "accounts.uncount_event": "takes a count back",
    "accounts.clear_counts": "part of choosing a password, which is recorded",
    "accounts.write_to_unproven": "part of asking for an address, which its caller records",
    "accounts.seal_trail": "seals the trail; an entry for each would have to be sealed in turn",
    # How something is deleted: a step of a nightly run or of an erasure, which is recorded with its numbers.
    **dict.fromkeys(
        (
            "accounts.forget_people",
            "appointments.forget_diaries",
            "documents.forget_documents",
            "documents.remove_files",
            "messaging.delete_copies",
            "messaging.forget_addressed",
            "messaging.forget_messages",
            "messaging.forget_messages_about",
            "messaging.forget_words",
            "queries.forget_queries",
            "queries.forget_queries_of",
            "retention.clear_away",
            "retention.drop_uncommitted",
            "retention.find_mentions",
            "retention.find_mentions_of",
            "retention.find_mentions_of_due",
            "retention.forget_classes",
            "retention.forget_next",
            "retention.forget_next_queries",
            "retention.write_tombstones",
            "retention.list_due",
            "retention.sweep_own_clocks",
            "retention.verify_run",
        ),
        "a step of forgetting, which is recorded by the run or the erasure",
    ),
    "retention.work_on": "a phase of a run whose beginning and end are recorded",
}


@dataclass
class Operation:
    name: str
    module: Path
    public: bool
    writes: bool = False
    calls: set[str] = field(default_factory=set)


def operations() -> Iterator[Operation]:
    for app in PACKAGES:
        for path in (each for each in tracked(f"{app}/*.py") if "operations" in each.parts):
            yield from functions_of(app, path)


def functions_of(app: str, path: Path) -> Iterator[Operation]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            found = Operation(f"{app}.{node.name}", path, not node.name.startswith("_"))
            for call in (each.func for each in ast.walk(node) if isinstance(each, ast.Call)):
                if isinstance(call, ast.Name):
                    found.calls.add(call.id)
                    found.writes |= call.id == "insert_rows"
                elif isinstance(call, ast.Attribute):
                    found.calls.add(call.attr)
                    found.writes |= call.attr in WRITES and not _plain_dictionary(call)
            yield found


def _plain_dictionary(call: ast.Attribute) -> bool:
    """`hashed.update(…)`, `merged.update(…)`: called on a local dictionary, not on a model."""
    return call.attr == "update" and isinstance(call.value, ast.Name) and call.value.id in {"hashed", "merged"}


def reach(start: Operation, by_name: dict[str, list[Operation]]) -> list[Operation]:
    """The operation and all operations that it calls, directly or not. Names in the same file take precedence."""
    seen: dict[tuple[Path, str], Operation] = {}
    todo = [start]
    while todo:
        here = todo.pop()
        if (here.module, here.name) in seen:
            continue
        seen[here.module, here.name] = here
        for name in here.calls:
            known = by_name.get(name, [])
            own = [each for each in known if each.module == here.module]
            todo += own or known
    return list(seen.values())


def silent() -> tuple[set[str], int]:
    """Public operations that write without an entry, and how many write at all."""
    all_of_them = list(operations())
    by_name: dict[str, list[Operation]] = {}
    for each in all_of_them:
        by_name.setdefault(each.name.split(".")[1], []).append(each)
    without, writing = set(), 0
    for operation in all_of_them:
        reached = reach(operation, by_name)
        if operation.public and any(each.writes for each in reached) and operation.name != f"accounts.{RECORD}":
            writing += 1
            if not any(RECORD in each.calls for each in reached):
                without.add(operation.name)
    return without, writing


def test_every_operation_that_writes_leaves_an_entry() -> None:
    without, writing = silent()
    assert writing > 30
    assert sorted(without - set(EXCEPTIONS)) == []


def test_the_exceptions_are_still_needed() -> None:
    without, _ = silent()
    assert sorted(set(EXCEPTIONS) - without) == []


def test_there_is_one_way_to_write_an_entry() -> None:
    """Only `record_audit` adds to the trail, so that every entry says where it came from."""
    adding = [
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if "AuditEntry.objects.create" in path.read_text() or "AuditEntry(" in path.read_text()
    ]
    allowed = {
        "accounts/operations/record_audit.py",
        "bench/bare/views.py",
        "tests/architecture/test_audit.py",
        "tests/foundation/test_inserts.py",
    }
    assert set(adding) - allowed == {"accounts/models/audit_entry.py"}
