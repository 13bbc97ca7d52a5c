from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access.permissions import signed_in
from queries.forms import ReplyTemplateForm
from queries.models import ReplyTemplate
from queries.operations.word_template import drop_template, word_template
from queries.views.permissions import TemplatePage


class ReplyTemplateList(TemplatePage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "queries/reply_template_list.html", {"rows": ReplyTemplate.objects.all()})


class ReplyTemplateCreate(TemplatePage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return page(request, ReplyTemplateForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        return saved(request, ReplyTemplateForm(request.POST))


class ReplyTemplateEdit(TemplatePage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return page(request, ReplyTemplateForm(instance=get_object_or_404(ReplyTemplate, public_id=public_id)))

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        template = get_object_or_404(ReplyTemplate, public_id=public_id)
        if "delete" in request.POST:
            drop_template(template=template, by=signed_in(request))
            messages.success(request, "The template is deleted.")
            return redirect("reply_template_list")
        return saved(request, ReplyTemplateForm(request.POST, instance=template))


def saved(request: HttpRequest, form: ReplyTemplateForm) -> HttpResponse:
    if not form.is_valid():
        return page(request, form, 422)
    word_template(template=form.instance, by=signed_in(request))
    messages.success(request, "The template is kept.")
    return redirect("reply_template_list")


def page(request: HttpRequest, form: ReplyTemplateForm, status: int = 200) -> HttpResponse:
    return render(request, "queries/reply_template_form.html", {"form": form}, status=status)
