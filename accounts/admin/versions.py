"""The version in the change forms of the Django admin: what somebody else has saved meanwhile is not overwritten."""

from typing import Any

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse

from accounts.access.permissions import signed_in
from accounts.operations.require_as_seen import last_change
from foundation.outcomes.versions import CHANGED, Changed, version_of
from foundation.web.versions import VERSION, saved_values


class AdminVersions(BaseModelAdmin):
    """A change form carries the version of the fields that it shows (`templates/admin/versioned_change_form.html`).

    If they have changed since, the form comes back with what was typed, what is saved now and the new version. Only the
    form's own fields count, so that a person's signing in does not matter. A form without a version is not compared.
    """

    change_form_template: Any = "admin/versioned_change_form.html"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        of_the_admin: Any = super()
        form = of_the_admin.get_form(request, obj, change=change, **kwargs)
        sent = request.POST.get(VERSION, "")
        if obj is None or not sent:
            return form
        saved = type(obj)._base_manager.select_for_update(no_key=True).get(pk=obj.pk)
        return form if sent == shown_version(form, saved) else stale_form(form, request, saved)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form, obj = context["adminform"].form, kwargs.get("obj")
        is_stale = form.has_error(NON_FIELD_ERRORS, CHANGED)
        if obj is not None and obj.pk:
            saved = type(obj)._base_manager.get(pk=obj.pk) if request.method == "POST" else obj
            kept = "" if is_stale else request.POST.get(VERSION, "")
            context["version"] = kept or shown_version(type(form), saved)
        of_the_admin: Any = super()
        answer: HttpResponse = of_the_admin.render_change_form(request, context, *args, **kwargs)
        answer.status_code = 409 if is_stale else answer.status_code
        return answer


def shown_version(form: type[forms.ModelForm], saved: models.Model) -> str:
    shown = model_to_dict(saved, fields=list(form.base_fields))
    said = {
        name: sorted(each.pk for each in value) if isinstance(value, list) and _is_rows(value) else value
        for name, value in shown.items()
    }
    return version_of(saved._meta.label, saved.pk, said)


def _is_rows(value: list[Any]) -> bool:
    return all(isinstance(each, models.Model) for each in value)


def stale_form(form: type[forms.ModelForm], request: HttpRequest, saved: Any) -> type[forms.ModelForm]:
    """The form with an error that says who changed what since, and what the fields say now."""

    def clean(self: Any) -> Any:
        cleaned = super(stale, self).clean()
        news = Changed(last_change(saved, signed_in(request), {}))
        now = saved_values(self, model_to_dict(saved, fields=list(self.fields)))
        self.add_error(None, forms.ValidationError(news.text, CHANGED))
        for each in now:
            self.add_error(None, forms.ValidationError(f"Saved meanwhile: {each.label}: {each.words}", CHANGED))
        return cleaned

    stale: type[forms.ModelForm] = type(f"Stale{form.__name__}", (form,), {"clean": clean})
    return stale
