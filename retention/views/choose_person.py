"""Pages that need a person: without one, they show a search."""

from typing import Any

from django.shortcuts import get_object_or_404

from accounts.models import User
from foundation.values.public_ids import id_in
from foundation.web.operation_view import OperationView
from retention.forms import FindForm
from retention.views.permissions import GovernanceAction
from security.selectors.people import found_people, people_for


class AboutPerson(GovernanceAction, OperationView):
    context_object_name = "person"

    def get_object(self) -> User | None:
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        chosen = id_in(asked.get("person", ""))
        if not chosen and self.request.method != "POST":
            return None
        found: User = get_object_or_404(people_for(self.request.user), public_id=chosen)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.object:
            return context
        who_form = FindForm(self.request.GET if "who" in self.request.GET else None)
        asked = who_form.cleaned_data["who"] if who_form.is_bound and who_form.is_valid() else ""
        return context | {"who_form": who_form, "found": found_people(asked, self.request.user)}
