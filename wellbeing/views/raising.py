from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access.permissions import signed_in
from accounts.models import User
from foundation.web.operation_view import OperationView
from wellbeing.forms import RaiseForm
from wellbeing.operations.raise_concern import Seen, raise_concern
from wellbeing.views.permissions import RaisePage


class ConcernRaise(RaisePage, OperationView):
    """A colleague raises a concern in a short form. Only wellbeing leads see what follows."""

    template_name = "wellbeing/concern_raise.html"
    form_class, context_object_name = RaiseForm, "student"

    def get_object(self) -> User:
        found: User = get_object_or_404(User.objects.students(), public_id=self.kwargs["public_id"])
        return found

    def get_initial(self) -> dict[str, Any]:
        return {"origin": self.request.GET.get("origin", "")[:200]}

    def perform(self, form: RaiseForm) -> HttpResponse:
        said = form.cleaned_data
        seen = Seen(said["facts"], said["seriousness"], said["tried"], said["origin"])
        raise_concern(student=self.object, seen=seen, by=signed_in(self.request), once=self.once)
        return redirect("concern_raised")


class ConcernRaised(RaisePage):
    """Confirms that the concern was received and says no more."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "wellbeing/concern_raised.html")
