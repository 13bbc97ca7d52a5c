from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access.permissions import signed_in
from foundation.web.operation_view import OperationView
from queries.forms import ReplyTemplateForm
from queries.models import ReplyTemplate
from queries.operations.word_template import drop_template, word_template
from queries.views.permissions import TemplatePage


class ReplyTemplateList(TemplatePage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "queries/reply_template_list.html", {"rows": ReplyTemplate.objects.all()})


class ReplyTemplateCreate(TemplatePage, OperationView):
    template_name = "queries/reply_template_form.html"
    form_class = ReplyTemplateForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.object}

    def perform(self, form: ReplyTemplateForm) -> HttpResponse:
        word_template(template=form.instance, by=signed_in(self.request))
        messages.success(self.request, "Template saved.")
        return redirect("reply_template_list")


class ReplyTemplateEdit(ReplyTemplateCreate):
    def get_object(self) -> ReplyTemplate:
        found: ReplyTemplate = get_object_or_404(ReplyTemplate, public_id=self.kwargs["public_id"])
        return found

    def form_invalid(self, form: ReplyTemplateForm) -> HttpResponse:
        """What stands in the form does not matter for deleting the template."""
        return self.form_valid(form) if "delete" in self.request.POST else super().form_invalid(form)

    def perform(self, form: ReplyTemplateForm) -> HttpResponse:
        if "delete" not in self.request.POST:
            return super().perform(form)
        drop_template(template=self.object, by=signed_in(self.request))
        messages.success(self.request, "Template deleted.")
        return redirect("reply_template_list")
