"""Finds every permission check and removes one at a time: the matrix must notice.

Not part of the ordinary suite: `make bench ARGS="--only permissions"` runs it and prints how many were noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import HttpRequest
from django.views.generic import View
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from accounts.access.permissions import RecentAuthenticationRequired, RolePage
from accounts.models import Role, User
from tests.access.asking import Caller, problem_of
from tests.access.fresh import stale_problem
from tests.access.matrix import VERBS, MatrixLine, lines
from tests.access.roles import roles_problem
from tests.access.scene import Scene
from tests.access.twins import limits, twin_problems
from tools.places import PACKAGES

PREDICATES = ("is_careers_staff", "may_read_access_needs", "may_read_notes", "may_read_trail", "is_student")
ADMIN_CHECKS = ("has_view_permission", "has_add_permission", "has_change_permission", "has_delete_permission")


@dataclass(frozen=True)
class Check:
    """One check: how to remove it, and which routes it guards (all of them if none is named)."""

    name: str
    removed: Callable[[], Any]
    views: tuple[Any, ...] = ()
    kind: str = ""
    cells: list[tuple[MatrixLine, str]] = field(default_factory=list, compare=False)


def checks() -> list[Check]:
    return [*_of_pages(), *_of_the_api(), *_of_querysets(), *_of_people(), *_of_the_admin()]


def _views() -> list[Any]:
    found = {view for line in lines() if (view := view_of(line)) and view.__module__.split(".")[0] in PACKAGES}
    return sorted(found, key=lambda view: f"{view.__module__}.{view.__qualname__}")


def view_of(line: MatrixLine) -> Any:
    return getattr(line.route.view, "view_class", None) or getattr(line.route.view, "cls", None)


def _of_pages() -> Iterator[Check]:
    for view in _views():
        if issubclass(view, APIView):
            continue
        if issubclass(view, LoginRequiredMixin):
            yield Check(f"{view.__name__}: signed in", _patched(view, "dispatch", _for_anybody(view)), (view,), "page")
        if issubclass(view, RolePage):
            everybody = frozenset(Role.values)
            yield Check(f"{view.__name__}: role", _patched(view, "roles", everybody), (view,), "role")
        if issubclass(view, RecentAuthenticationRequired):
            yield Check(f"{view.__name__}: fresh", _patched(view, "dispatch", _not_fresh(view)), (view,), "fresh")


def _for_anybody(view: Any) -> Callable[..., Any]:
    checked = view.dispatch

    def dispatch(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            return checked(self, request, *args, **kwargs)
        return View.dispatch(self, request, *args, **kwargs)

    return dispatch


def _not_fresh(view: Any) -> Callable[..., Any]:
    """The `dispatch` that comes after the check for recent authentication in the class hierarchy."""

    def dispatch(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super(RecentAuthenticationRequired, self).dispatch(request, *args, **kwargs)

    return dispatch


def _of_the_api() -> Iterator[Check]:
    for view in _views():
        if issubclass(view, APIView) and view.permission_classes != [AllowAny]:
            removed = _patched(view, "permission_classes", [AllowAny])
            yield Check(f"{view.__name__}: permission", removed, (view,), "api")


def _of_querysets() -> Iterator[Check]:
    for twin, (_, rows, name) in sorted(limits().items()):
        yield Check(twin, _unlimited(rows, name), kind="twin")


def _unlimited(kind: Any, name: str) -> Callable[[], Any]:
    """Replaces the method on the queryset and on every manager made from it."""

    @contextmanager
    def removed() -> Iterator[None]:
        def everything(self: Any, *args: Any) -> Any:
            return self.all()

        with ExitStack() as patches:
            patches.enter_context(mock.patch.object(kind, name, everything))
            for model in apps.get_models():
                manager = model._default_manager.__class__
                if getattr(manager, "_queryset_class", None) is kind and hasattr(manager, name):
                    patches.enter_context(mock.patch.object(manager, name, everything))
            yield

    return removed


def _of_people() -> Iterator[Check]:
    for name in PREDICATES:
        yield Check(f"User.{name}", _patched(User, name, property(lambda self: True)), kind="people")
    yield Check("User.has_role", _patched(User, "has_role", lambda self, *roles: True), kind="people")


def _of_the_admin() -> Iterator[Check]:
    site = admin.site
    yield Check("AdminSite.has_permission", _patched(site.__class__, "has_permission", lambda self, request: True))
    for model, office in site._registry.items():
        for name in ADMIN_CHECKS:
            theirs = next((kind for kind in type(office).__mro__ if name in vars(kind)), None)
            if theirs and theirs.__module__.split(".")[0] in PACKAGES:
                allowed = _patched(type(office), name, lambda self, request, obj=None: True)
                yield Check(f"{model.__name__} in the admin: {name}", allowed, (model,), "admin")


def _patched(what: Any, name: str, value: Any) -> Callable[[], Any]:
    return lambda: mock.patch.object(what, name, value, create=True)


def noticed(check: Check, scene: Scene, visitors: list[Caller]) -> str:
    """The first failure that the tests would report; empty if nothing notices the removal. Rolled back afterwards."""
    with transaction.atomic(), check.removed():
        problem = next(_problems(check, scene, visitors), "")
        transaction.set_rollback(True)
    return problem


def _problems(check: Check, scene: Scene, visitors: list[Caller]) -> Iterator[str]:
    for twin in limits():
        if check.kind == "people" or twin == check.name:
            yield from twin_problems(scene, twin)
    concerned = [line for line in lines() if _concerns(check, line)]
    if check.kind == "role":
        yield from filter(None, (roles_problem(line) for line in concerned))
    if check.kind == "fresh":
        yield from filter(None, (stale_problem(scene, line) for line in concerned))
        return
    for line in concerned:
        for verb in VERBS:
            if verb in line.verbs or (verb == "GET" and not line.verbs):
                for visitor in visitors:
                    with transaction.atomic():
                        problem = problem_of(scene, visitor, line, verb)
                        transaction.set_rollback(True)
                    if problem:
                        yield f"{visitor.name}: {problem}"


def _concerns(check: Check, line: MatrixLine) -> bool:
    if check.kind == "admin":
        model = check.views[0]
        return line.route.name.startswith(f"admin:{model._meta.label_lower.replace('.', '_')}_")
    return not check.views or view_of(line) in check.views
