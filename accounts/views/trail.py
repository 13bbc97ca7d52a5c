from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access.permissions import GovernancePage, RecentAuthenticationRequired, signed_in
from accounts.forms import TrailForm
from accounts.operations.read_trail import check_trail, export_trail, read_trail
from accounts.selectors.trail import COLUMNS, TrailAsked, trail_cells
from accounts.views.feed import attachment
from foundation.values.counted import counted
from foundation.values.csv_files import csv_file
from foundation.web.operation_view import ActionView, ReadOperationView


class TrailList(GovernancePage, ReadOperationView):
    """The audit trail, read-only. Reading it is recorded in the trail."""

    template_name = "accounts/trail_list.html"
    form_class, refused_title = TrailForm, "The trail cannot be shown"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"trail": None, "asked": None, "refused": None, **kwargs})

    def perform(self, form: TrailForm) -> HttpResponse:
        before = self.request.GET.get("before", "")
        asked = TrailAsked(**form.cleaned_data, before=int(before) if before.isdecimal() and len(before) < 19 else 0)
        trail = read_trail(asked=asked, by=signed_in(self.request))
        return self.render_form(form, 200, trail=trail, asked=asked)


class TrailExport(RecentAuthenticationRequired, TrailList):
    """The entries of the filter as a CSV file, newest first."""

    def perform(self, form: TrailForm) -> Any:
        rows = export_trail(asked=TrailAsked(**form.cleaned_data), by=signed_in(self.request))
        cells = [COLUMNS, *(trail_cells(row) for row in rows)]
        return attachment(HttpResponse(csv_file(cells), content_type="text/csv; charset=utf-8"), "audit-trail.csv")


class TrailVerify(RecentAuthenticationRequired, GovernancePage, ActionView):
    """Recomputes every seal; about 2 s for 100,000 entries."""

    def get_success_url(self) -> str:
        return reverse("trail_list")

    def perform(self, form: Any) -> HttpResponse:
        found = check_trail(by=signed_in(self.request))
        if found.broken:
            seal = found.broken.seal
            messages.error(self.request, f"Entries {seal.first_id} to {seal.last_id}: {found.broken.why}.")
            return redirect("trail_list")
        messages.success(
            self.request,
            f"{counted(found.entries, 'entry')} in {counted(found.seals, 'seal')} unchanged; {found.unsealed} too new "
            f"to be sealed. Last digest: {found.last}",
        )
        return redirect("trail_list")
