"""What people agree to hear, each on their own page; and the alumni office's list of those who did."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from accounts.access.permissions import RecentAuthenticationRequired, RolePage, StudentPage, signed_in
from accounts.models import Role
from accounts.rules.policy import policy_in_force
from foundation.outcomes.refusals import Refused
from messaging.models import ContactPermission
from messaging.operations.contact_permissions import say_permissions
from messaging.selectors import permissions_in_force
from retention.forms import PermissionForm
from retention.operations.export_alumni import export_alumni
from retention.selectors.alumni import alumni_contacts, leavers_who_said

PER_PAGE = 25


class ContactPermissionEdit(StudentPage):
    """Three purposes kept apart: service messages come in any case, the other two only as ticked here (DATA-1)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, self.form(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        form, person = self.form(request), signed_in(request)
        if not form.is_valid():
            return self.page(request, form, 422)
        changed = say_permissions(person=person, said=form.said(), by=person, where="Profile, what you hear from us")
        messages.success(request, "Kept, with today’s date." if changed else "Nothing has changed.")
        return redirect("contact_permission_edit")

    def form(self, request: HttpRequest) -> PermissionForm:
        held = permissions_in_force(signed_in(request))
        with_alumni = policy_in_force().alumni_sharing
        return PermissionForm(request.POST or None, held=held, with_alumni=with_alumni)

    def page(self, request: HttpRequest, form: PermissionForm, status: int = 200) -> HttpResponse:
        history = ContactPermission.objects.visible_to(signed_in(request))[:PER_PAGE]
        context = {"form": form, "history": history, "policy": policy_in_force()}
        return render(request, "retention/contact_permission_edit.html", context, status=status)


class AlumniPage(RolePage):
    roles = frozenset({Role.ALUMNI_RELATIONS})

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Switched off, there is no such page."""
        if request.user.is_authenticated and not policy_in_force().alumni_sharing:
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class AlumniList(AlumniPage):
    """Contact details of leavers who agreed, and whom to leave alone. No appointments, no notes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(leavers_who_said().order_by("family_name", "given_name", "pk"), PER_PAGE).get_page(
            request.GET.get("page")
        )
        context = {"page": page, "contacts": alumni_contacts(list(page.object_list)), "policy": policy_in_force()}
        return render(request, "retention/alumni_list.html", context)


class AlumniExport(RecentAuthenticationRequired, AlumniPage):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        try:
            pieces = export_alumni(by=signed_in(request))
        except Refused as refused:
            raise Http404 from refused
        response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="alumni.csv"'
        response["Cache-Control"] = "no-store"
        return response
