"""Keeps what was typed into a form that could not be sent because the session or its token had ended."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from accounts.operations.drafts import drop_draft, save_draft
from accounts.rules.drafts import Typed
from accounts.selectors.drafts import drafts_on, person_behind
from accounts.sign_in.known_devices import named_in_cookie
from foundation.web.addresses import LONGEST, own_path
from foundation.web.once import ONCE
from foundation.web.typed_before import KeepsWords, TypedBefore, Unsent, keeps_words, never_kept
from foundation.web.versions import VERSION

ADDRESS = "draft_address"
"""The field that says where a form will be sent, when it is saved while it is being typed."""
OURS = ("csrfmiddlewaretoken", ADDRESS)

_KEPT = "words_kept"

DRAFTS = "drafts"
"""Set in a session whose person has drafts, so that nobody else's pages ask for them."""


def typed_on(request: HttpRequest) -> list[TypedBefore]:
    """At most three queries, and none without drafts. What the signed-in person typed on this page and did not send."""
    if request.method != "GET" or not isinstance(request.user, User) or not request.session.get(DRAFTS):
        return []
    found = drafts_on(request.user, request.path)
    return [TypedBefore(draft.public_id, draft.form, MultiValueDict(typed), draft.saved_at) for draft, typed in found]


def view_of(request: HttpRequest) -> type[KeepsWords] | None:
    """The view that a form is sent to, if it is one whose words are kept."""
    return kept_view(getattr(request.resolver_match, "func", None))


def kept_view(called: object) -> type[KeepsWords] | None:
    view = getattr(called, "view_class", None)
    if not (isinstance(view, type) and issubclass(view, KeepsWords)):
        return None
    return view if view.shares_form() or keeps_words(view.form_class) else None


def keep_unsent(request: HttpRequest) -> str:
    """Saves what was typed for the person who is or was signed in here. Returns their page, or empty."""
    view, page = view_of(request), page_of(request)
    if view is None or request.method != "POST" or not is_from_here(request):
        return ""
    person = person_here(request)
    if person is None or not save_typed(person, view, page, request.path, typed_in(request)):
        return ""
    setattr(request, _KEPT, True)
    return page


def was_kept(request: HttpRequest) -> bool:
    """Was this form not sent, but kept?"""
    return hasattr(request, _KEPT)


def person_here(request: HttpRequest) -> User | None:
    """At most one query. Who is signed in or, if the session has ended, who signed in last in this browser."""
    if isinstance(request.user, User):
        return request.user
    known = named_in_cookie(request)
    return person_behind(known[0]) if known else None


def typed_in(request: HttpRequest) -> Typed:
    return {name: [str(value) for value in values] for name, values in request.POST.lists() if name not in OURS}


def save_typed(person: User, view: type[KeepsWords], page: str, address: str, typed: Typed) -> bool:
    if view.shares_form():  # one draft for the page
        words = {name: values for name, values in typed.items() if name not in (VERSION, ONCE)}
        return save_draft(person=person, page=page, address=page.partition("?")[0], form="", typed=words)
    hidden = never_kept(view.form_class)
    words = {name: values for name, values in typed.items() if name not in hidden}
    return save_draft(person=person, page=page, address=address, form=view.form_name, typed=words)


def settle_drafts(request: HttpRequest) -> None:
    """A form was sent: it has no draft any more. What was typed beside it, and not sent, becomes one."""
    unsent: Unsent | None = getattr(request, "unsent", None)
    person = request.user
    if not isinstance(person, User) or was_kept(request):
        return
    if request.session.get(DRAFTS) and view_of(request):
        drop_draft(person=person, address=unsent.page if unsent else request.path)
    if unsent and save_draft(person=person, page=unsent.page, address=unsent.page, form="", typed=unsent.typed):
        request.session[DRAFTS] = True


def keep_for_page(request: HttpRequest, view: type[KeepsWords], page: str) -> None:
    """Saves what was typed beside a button that does something else, for the page that sends it to `page` itself."""
    keep_typed(request, view, page, typed_in(request))


def keep_typed(request: HttpRequest, view: type[KeepsWords], page: str, typed: Typed) -> None:
    """Saves words for the form of a page that is sent to the page itself. This request does not delete them again."""
    if isinstance(request.user, User) and save_typed(request.user, view, page, page, typed):
        request.session[DRAFTS] = True
        setattr(request, _KEPT, True)


def page_of(request: HttpRequest) -> str:
    """Path and query of the page that the form was on; the form's own address if the browser does not say."""
    parts = urlsplit(request.headers.get("Referer", ""))
    said = f"{parts.path}?{parts.query}" if parts.query else parts.path
    is_own = parts.netloc == request.get_host() and len(said) < LONGEST
    return own_path(request, said, request.path) if is_own else request.path


def is_from_here(request: HttpRequest) -> bool:
    """Does the browser say that the form was on a page of this portal? Others must not put words into drafts."""
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(said).netloc == request.get_host()
