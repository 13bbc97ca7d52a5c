from typing import Any

from django.http import HttpResponse

from accounts.access.permissions import GovernancePage, signed_in
from accounts.forms import TrailForm
from accounts.operations.read_trail import read_trail
from accounts.selectors.trail import TrailAsked
from foundation.web.operation_view import ReadOperationView


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
