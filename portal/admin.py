from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

NOT_OURS = ("auth", "account", "socialaccount", "mfa")
"""Packages whose tables are of no use here: roles are not Django's groups, and people manage how they sign in
themselves."""

UNREADABLE_FILTER = "admin/invalid_setup.html"
"""Django's page for a filter that it cannot read, the second time. It blames the database, and is rendered without the
request, so that the layout lacks the institution's name."""


class Administration(AdminSite):
    """Django's admin behind the portal's own sign-in, so that its limits apply to everybody."""

    site_url = "/configuration/"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label not in NOT_OURS]
        super().register(ours, admin_class, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Answers 404 to anybody signed in without the role, for existing and missing URLs alike; 400 to a filter that
        cannot be read.
        """
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            response = inner(request, *args, **kwargs)
            if getattr(response, "template_name", None) == UNREADABLE_FILTER:
                raise BadRequest("A filter in this address cannot be read.")
            return response

        return update_wrapper(guarded, inner)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Answers 404 to anybody signed in without the role; sends everybody else to sign in and back."""
        if request.user.is_authenticated:
            raise Http404
        onward = request.GET.get("next") or reverse("admin:index", current_app=self.name)
        return redirect_to_login(onward)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")
