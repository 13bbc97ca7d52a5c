"""From a form through an operation to the next page, or back to the form with why not.

`OperationView` is Django's `FormView` with a third outcome: the form may be invalid, and the operation may refuse.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import FormView

from foundation.outcomes.refusals import Refused


class OperationView(FormView):  # type: ignore[type-arg]  # FormView[Any] exists in the stubs only
    """A page with a form that calls one operation.

    GET shows the page. POST validates the form and calls `perform`, which calls the operation and answers where to go
    next. An invalid form answers with the page and 422; a refusal with the page, `refused` in its context and the
    status of the refusal. `base.html` says what is wrong from `form`, and why not from `refused`. Everything typed is
    still in the form. A class about permission stands before this one: `class HoldCreate(ManagerPage, OperationView)`.
    """

    form_class: type[forms.BaseForm] = forms.Form
    """Django's empty form is a button alone."""

    form_name = "form"
    """What the page calls this form, for pages with several of them."""

    refused_title = "This could not be done"
    context_object_name = "object"
    object: Any = None

    def get_object(self) -> Any:
        """What the page is about, fetched by permission: hidden and absent raise the same Http404."""
        return None

    def perform(self, form: Any) -> HttpResponse:
        """Calls the operation with what was typed, and answers. Refused may pass: see `form_refused`."""
        raise ImproperlyConfigured(f"{type(self).__name__} does not define perform()")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return self.perform(form)
        except Refused as refused:
            return self.form_refused(form, refused)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_form(form, 422)

    def form_refused(self, form: Any, refused: Refused) -> HttpResponse:
        """The object is fetched again: the operation may have changed the one in memory before it refused."""
        self.object = self.get_object()
        return self.render_form(
            form, refused.status, refused.headers, refused=refused, refused_title=self.refused_title
        )

    def render_form(self, form: Any, status: int, headers: dict[str, str] | None = None, **more: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **more), status=status, headers=headers)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, self.form_name: context["form"], self.context_object_name: self.object}


class FieldOperationView(OperationView):
    """Says a refusal where it says what is wrong with the form: beside the field it is about, or above the form."""

    refused_status: int | None = None
    """Of the page, where it is not the refusal's own."""

    def form_refused(self, form: Any, refused: Refused) -> HttpResponse:
        self.object = self.get_object()
        refuse_into(form, refused)
        return self.render_form(form, self.refused_status or refused.status, refused.headers)


class ActionView(OperationView):
    """A button without a page of its own. Done or refused, the answer is `get_success_url`, with a message."""

    http_method_names = ["post"]

    def form_refused(self, form: Any, refused: Refused) -> HttpResponse:
        messages.error(self.request, refused.text, extra_tags=refused.code)
        return redirect(self.get_success_url())


class ReadOperationView(OperationView):
    """An address whose opening is an operation: it records who read, and may refuse. The form reads the address."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "data": self.request.GET}


def refuse_into(form: forms.BaseForm, refused: Refused) -> None:
    """The refusal as an error of the form: beside its field, or above the form where it is about none of them."""
    error = forms.ValidationError(refused.text, code=refused.code)
    form.add_error(refused.field if refused.field in form.fields else None, error)
