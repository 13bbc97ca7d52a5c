"""One class handles a form, its operation and its refusal: `foundation/web/operation_view.py`."""

import ast
import re
from collections import Counter

from foundation.web.operation_view import OperationView
from tests.architecture.template_names import OURS
from tests.architecture.test_house import ROOT, own_routes, tracked, view_class
from tools.places import PACKAGES

CATCH_REFUSALS = {
    "foundation/outcomes/refusals.py": "`result_or_refusal`: a page of which one part may be refused",
    "foundation/process/command.py": "`OperationCommand`: a refusal ends a management command",
    "foundation/web/operation_view.py": "`OperationView`: a refusal comes back with the form",
    "accounts/feed/operations/work.py": "another process is working on the feed: nothing is left to do here",
    "accounts/operations/two_people.py": "records and tells an attempt to do alone what takes two, and raises it again",
    "accounts/sign_in/adapter.py": "allauth asks in the middle of a sign-in, and the answer is a page of its own",
    "accounts/views/colleagues.py": "a link that no longer works is refused before there is a form",
    "events/views/door.py": "a tablet without the layout shows its refusal on its own page",
    "portal/views/arrivals.py": "the same",
    "appointments/operations/book.py": "adds the nearest free times and raises it again",
    "appointments/operations/move.py": "adds the nearest free times and raises it again",
    "appointments/operations/undo_cancellation.py": "adds the nearest free times and raises it again",
    "appointments/views/student_book.py": "two forms on one page; keeps what was typed and raises it again",
    "appointments/views/student_refusals.py": "the student's steps answer with a page of other free times",
    "documents/operations/check.py": "a file that cannot be checked now stays in quarantine and is tried again",
    "eligibility/forms.py": "the Django admin checks a rule as a field of its form",
    "messaging/admin.py": "the Django admin counts how many of those chosen were refused",
    "retention/views/copy_review.py": "a copy that cannot be read now: the request's page says so",
    "queries/operations/settle_email.py": "lets a refusal pass, before every other error is turned into one",
}
"""Every file that catches `Refused`, and why it does not use `OperationView`."""


NAMES = (ast.Name, ast.Attribute)


def names_caught(handler: ast.ExceptHandler) -> set[str]:
    nodes = list(ast.walk(handler.type)) if handler.type else []
    return {node.id if isinstance(node, ast.Name) else node.attr for node in nodes if isinstance(node, NAMES)}


def test_refusals_are_caught_where_there_is_a_reason_only() -> None:
    caught: Counter[str] = Counter()
    for app in PACKAGES:
        for path in tracked(f"{app}/*.py"):
            handlers = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ExceptHandler)]
            caught[str(path.relative_to(ROOT))] += sum("Refused" in names_caught(each) for each in handlers)
    assert {path for path, number in caught.items() if number} == set(CATCH_REFUSALS)
    assert {path: number for path, number in caught.items() if number > 1} == {"appointments/views/student_book.py": 2}


def operation_views() -> list[type[OperationView]]:
    views = {view_class(pattern) for pattern in own_routes()}
    return [view for view in views if isinstance(view, type) and issubclass(view, OperationView)]


def test_a_page_that_takes_a_form_performs_something() -> None:
    views = operation_views()
    assert len(views) > 80
    idle = [
        view.__name__ for view in views if "post" in view.http_method_names and view.perform is OperationView.perform
    ]
    assert idle == []


SAY_IT_THEMSELVES = {
    "account/login.html": "beside the demonstration's list of people",
    "allauth/elements/fields.html": "allauth's own pages have a layout of their own",
    "appointments/booking_details.html": "the second form of the page",
    "appointments/booking_refused.html": "the refusal is the page",
    "base.html": "the layout",
    "events/device_door.html": "a tablet without the layout",
    "home/arrivals_door.html": "a tablet without the layout",
    "documents/document_list.html": "inside the part that htmx replaces",
    "rule_editor/audience_change.html": "inside the part that htmx replaces, and about conditions that are no fields",
}
"""Every template that shows form errors or a refusal itself, and why the layout does not."""


def test_the_layout_says_what_is_wrong_and_why_not() -> None:
    says = re.compile(r"{% error_summary |\brefused\.message")
    found = {str(path.relative_to(OURS)) for path in OURS.rglob("*.html") if says.search(path.read_text())}
    assert found == set(SAY_IT_THEMSELVES)
