"""What `OperationView` does with a form, an operation and its refusal."""

from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory

from foundation.outcomes.refusals import Refused
from foundation.web.operation_view import ActionView, FieldOperationView, OperationView, ReadOperationView

BUSY = Refused("busy", "Very busy.", "Try again.", status=503, retry_after=timedelta(seconds=7), field="subject")


class SampleForm(forms.Form):
    subject = forms.CharField()


class SamplePage(OperationView):
    template_name = "no such template: nothing here is rendered"
    form_class, form_name, context_object_name = SampleForm, "ask_form", "query"
    refusal: Refused | None = None

    def get_object(self) -> dict[str, str]:
        return {"state": "fetched"}

    def perform(self, form: SampleForm) -> HttpResponse:
        self.object["state"] = "changed in memory"
        if self.refusal:
            raise self.refusal
        return redirect("/next/")


class SampleFieldPage(FieldOperationView, SamplePage):
    pass


class SampleButton(ActionView, SamplePage):
    form_class, success_url = forms.Form, "/list/"


class SampleReading(ReadOperationView, SamplePage):
    pass


def sent(view: type[OperationView], verb: str = "post", refusal: Refused | None = None, **data: str) -> Any:
    request: HttpRequest = getattr(RequestFactory(), verb)("/", data)
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # MessageMiddleware sets it
    answer = view.as_view(**({"refusal": refusal} if refusal else {}))(request)
    answer.said = [str(message) for message in get_messages(request)]
    return answer


def test_the_page_has_the_form_under_both_names_and_what_it_is_about() -> None:
    answer = sent(SamplePage, "get")
    assert answer.status_code == 200
    assert answer.context_data["form"] is answer.context_data["ask_form"]
    assert not answer.context_data["form"].is_bound
    assert answer.context_data["query"] == {"state": "fetched"}
    assert "refused" not in answer.context_data


def test_a_valid_form_is_performed() -> None:
    answer = sent(SamplePage, subject="CV")
    assert (answer.status_code, answer.url) == (302, "/next/")


def test_an_invalid_form_comes_back_and_nothing_is_performed() -> None:
    answer = sent(SamplePage, subject="")
    assert answer.status_code == 422
    assert answer.context_data["ask_form"].has_error("subject", "required")
    assert answer.context_data["query"] == {"state": "fetched"}


def test_a_refusal_comes_back_with_its_status_and_what_was_typed() -> None:
    answer = sent(SamplePage, refusal=BUSY, subject="CV")
    assert (answer.status_code, answer["Retry-After"]) == (503, "7")
    assert answer.context_data["refused"].code == "busy"
    assert answer.context_data["ask_form"]["subject"].value() == "CV"
    assert not answer.context_data["ask_form"].errors


def test_a_refused_page_shows_the_object_as_it_is_stored() -> None:
    assert sent(SamplePage, refusal=BUSY, subject="CV").context_data["query"] == {"state": "fetched"}


def test_a_refusal_of_a_field_is_said_beside_it() -> None:
    answer = sent(SampleFieldPage, refusal=BUSY, subject="CV")
    assert (answer.status_code, answer["Retry-After"]) == (503, "7")
    assert answer.context_data["form"].errors == {"subject": [BUSY.text]}
    assert answer.context_data["form"]["subject"].value() == "CV"


def test_a_refusal_of_no_field_is_said_above_the_form() -> None:
    answer = sent(SampleFieldPage, refusal=Refused("full", "Full.", field="elsewhere"), subject="CV")
    assert (answer.status_code, answer.context_data["form"].non_field_errors()) == (409, ["Full."])


def test_a_refused_button_says_why_on_its_page() -> None:
    answer = sent(SampleButton, refusal=BUSY)
    assert (answer.status_code, answer.url, answer.said) == (302, "/list/", [BUSY.text])
    assert sent(SampleButton).url == "/next/"
    assert sent(SampleButton, "get").status_code == 405


def test_reading_performs_on_get_and_takes_nothing_else() -> None:
    assert sent(SampleReading, "get", subject="CV").url == "/next/"
    assert sent(SampleReading, "get").status_code == 422
    assert sent(SampleReading, "get", refusal=BUSY, subject="CV").status_code == 503
    assert sent(SampleReading, subject="CV").status_code == 405


def test_a_hidden_object_is_neither_shown_nor_changed() -> None:
    class Hidden(SamplePage):
        def get_object(self) -> Any:
            raise Http404

        def perform(self, form: SampleForm) -> HttpResponse:
            raise AssertionError("performed on what is hidden")

    for verb in ("get", "post"):
        with pytest.raises(Http404):
            sent(Hidden, verb, subject="CV")


def test_a_view_without_perform_is_an_error() -> None:
    with pytest.raises(ImproperlyConfigured):
        OperationView.as_view(template_name="x")(RequestFactory().post("/"))
