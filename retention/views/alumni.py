"""People's own contact permissions, and the alumni office's list of those who agreed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from accounts.access.permissions import RecentAuthenticationRequired, RolePage, StudentPage, signed_in
from accounts.models import Role
from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import Refused
from foundation.web.operation_view import OperationView, ReadOperationView
from messaging.models import ContactPermission
from messaging.operations.contact_permissions import say_permissions
from messaging.selectors import permissions_in_force
from retention.forms import PermissionForm
from retention.operations.export_alumni import export_alumni
from retention.selectors.alumni import alumni_contacts, leavers_who_said

PER_PAGE = 25


class ContactPermissionEdit(StudentPage, OperationView):
    """Three separate purposes: we always send service messages, and the other two only if ticked here (DATA-1)."""

    template_name = "retention/contact_permission_edit.html"
    form_class = PermissionForm

    def get_form_kwargs(self) -> dict[str, Any]:
        held = permissions_in_force(signed_in(self.request))
        return {**super().get_form_kwargs(), "held": held, "with_alumni": policy_in_force().alumni_sharing}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        history = ContactPermission.objects.visible_to(signed_in(self.request))[:PER_PAGE]
        return super().get_context_data(**kwargs) | {"history": history, "policy": policy_in_force()}

    def perform(self, form: PermissionForm) -> HttpResponse:
        person, where = signed_in(self.request), "Profile, what you hear from us"
        changed = say_permissions(person=person, said=form.said(), by=person, where=where)
        messages.success(self.request, "Saved." if changed else "No changes to save.")
        return redirect("contact_permission_edit")


class AlumniPage(RolePage):
    roles = frozenset({Role.ALUMNI_RELATIONS})

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Answers 404 if the setting is off."""
        if request.user.is_authenticated and not policy_in_force().alumni_sharing:
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class AlumniList(AlumniPage):
    """Contact details of leavers who agreed, and of whom not to contact. No appointments or notes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(leavers_who_said().order_by("family_name", "given_name", "pk"), PER_PAGE).get_page(
            request.GET.get("page")
        )
        context = {"page": page, "contacts": alumni_contacts(list(page.object_list)), "policy": policy_in_force()}
        return render(request, "retention/alumni_list.html", context)


class AlumniExport(RecentAuthenticationRequired, AlumniPage, ReadOperationView):
    def perform(self, form: forms.Form) -> HttpResponseBase:
        response = StreamingHttpResponse(export_alumni(by=signed_in(self.request)), "text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="alumni.csv"'
        response["Cache-Control"] = "no-store"
        return response

    def form_refused(self, form: forms.Form, refused: Refused) -> HttpResponseBase:
        raise Http404 from refused
