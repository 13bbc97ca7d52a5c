"""Class-based views that validate a form, call one operation, and redirect or show the form again with the reason.

`OperationView` is Django's `FormView` with a third outcome: the operation may refuse.
"""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import FormView

from foundation.outcomes.refusals import Refused
from foundation.outcomes.versions import Changed, Versioned
from foundation.web.once import once_key
from foundation.web.typed_before import KeepsWords, note_unsent, show_again, unsent
from foundation.web.versions import VERSION, SavedValue, name_seen_version, saved_row, saved_values


class OperationView(KeepsWords, FormView):  # type: ignore[type-arg]  # only the stubs make FormView generic
    """A page with a form that calls one operation.

    GET shows the page. POST validates the form and calls `perform`, which calls the operation and returns a redirect.
    An invalid form shows the page again with status 422. A refusal shows it with the refusal's status and `refused` in
    the context. `base.html` shows the errors from `form` or `refused`; the form keeps what was typed. A mixin that
    checks permission, such as `AdministratorPage`, is named before this class.

    A page about something that several people change carries its version (`{% version_field %}`). If it has changed
    since, the operation raises `Changed`: the page comes back as it is now, with what was typed and the new version.
    Any other page that comes back keeps the version it was sent with, because nobody has been told of a change.
    """

    form_class: type[forms.BaseForm] = forms.Form
    """Django's empty form: the page has a button only."""

    refused_title = "This could not be done"
    changed_title = "This has changed while you had it open"
    context_object_name = "object"
    object: Any = None

    def beside(self) -> dict[str, forms.BaseForm]:
        """The empty forms of a page whose forms share one HTML form, by their names in its context.

        Every button of such a page brings along what was typed into the other forms (docs/architecture.md).
        """
        return {}

    @classmethod
    def shares_form(cls) -> bool:
        return cls.beside is not OperationView.beside

    def get_object(self) -> Any:
        """The object of the page, fetched by permission: a hidden and an absent object raise the same Http404."""
        return None

    def perform(self, form: Any) -> HttpResponse:
        """Calls the operation with the form's data and returns the response.

        It may raise `Refused`: see `form_refused`.
        """
        raise ImproperlyConfigured(f"{type(self).__name__} does not define perform()")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        name_seen_version(self.object, request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        beside = self.beside().values()
        try:
            response = self.perform(form)
        except Refused as refused:
            response = self.form_refused(form, refused)
        if beside and response.status_code == HTTPStatus.FOUND:
            note_unsent(self.request, self.page_of_words(response), unsent(beside, form, self.request.POST))
        return response

    def page_of_words(self, response: HttpResponse) -> str:
        """The path of the page that shows again what was typed beside the button."""
        return urlsplit(response["Location"]).path

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_form(form, 422)

    def form_refused(self, form: Any, refused: Refused) -> HttpResponse:
        """Fetches the object again, because the operation may have changed it in memory before it refused."""
        self.object = self.get_object()
        title = self.changed_title if isinstance(refused, Changed) else self.refused_title
        saved = self.saved_meanwhile(form) if isinstance(refused, Changed) else []
        return self.render_form(
            form, refused.status, refused.headers, refused=refused, refused_title=title, saved_meanwhile=saved
        )

    def saved_meanwhile(self, form: Any) -> list[SavedValue]:
        """What the fields of an edited row say now, where something else was typed."""
        is_edited = isinstance(form, forms.ModelForm) and isinstance(self.object, form._meta.model)
        return saved_values(form, saved_row(form, self.object)) if is_edited else []

    def render_form(self, form: Any, status: int, headers: dict[str, str] | None = None, **more: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **more), status=status, headers=headers)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = self.beside() | super().get_context_data(**kwargs)
        context |= {self.form_name: context["form"], self.context_object_name: self.object}
        refused = kwargs.get("refused")
        kept = "" if refused and refused.code == "idempotency_key_reused" else once_key(self.request)
        return context | {"kept_version": self.kept_version(refused), "kept_once": kept}

    @property
    def once(self) -> str:
        """The key of a form with `{% once_field %}`, for the operation that makes something.

        Forms that share one HTML form share its field, and each has a key of its own.
        """
        key = once_key(self.request)
        return f"{key}-{self.form_name}" if key and self.shares_form() else key

    def kept_version(self, refused: Refused | None) -> tuple[Any, str]:
        """The thing and the version it was sent with, unless the page now says that it has changed."""
        sent = "" if isinstance(refused, Changed) else self.request.POST.get(VERSION, "")
        return (self.object, sent) if sent and isinstance(self.object, Versioned) else (None, "")

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        context["typed_before"] = show_again(self.request, context, self.beside())
        response: HttpResponse = super().render_to_response(context, **response_kwargs)
        return response


class FieldOperationView(OperationView):
    """Shows a refusal as a form error: beside its field, or above the form."""

    refused_status: int | None = None
    """Status of the page, if it differs from the refusal's."""

    def form_refused(self, form: Any, refused: Refused) -> HttpResponse:
        if isinstance(refused, Changed):
            return super().form_refused(form, refused)
        self.object = self.get_object()
        refuse_into(form, refused)
        return self.render_form(form, self.refused_status or refused.status, refused.headers)


class ActionView(OperationView):
    """A button without a page of its own. Redirects to `get_success_url` with a message, whether done or refused."""

    http_method_names = ["post"]

    def form_refused(self, form: Any, refused: Refused) -> HttpResponse:
        messages.error(self.request, refused.text, extra_tags=refused.code)
        return redirect(self.get_success_url())


class ReadOperationView(OperationView):
    """A page that calls an operation on GET: it records who read it and may refuse.

    The form validates the query string.
    """

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "data": self.request.GET}


def refuse_into(form: forms.BaseForm, refused: Refused) -> None:
    """Adds the refusal to the form as an error of its field, or of the whole form if it has no such field."""
    error = forms.ValidationError(refused.text, code=refused.code)
    form.add_error(refused.field if refused.field in form.fields else None, error)
