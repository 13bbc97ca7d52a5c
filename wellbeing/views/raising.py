from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access.permissions import signed_in
from accounts.models import User
from foundation.outcomes.refusals import Refused
from wellbeing.forms import RaiseForm
from wellbeing.operations.raise_concern import Seen, raise_concern
from wellbeing.views.permissions import RaisePage


class ConcernRaise(RaisePage):
    """A colleague is worried: a minute, in facts. What becomes of it is for wellbeing leads."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        form = RaiseForm(initial={"origin": request.GET.get("origin", "")[:200]})
        return self.page(request, self.find(public_id), form)

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        student, form = self.find(public_id), RaiseForm(request.POST)
        if not form.is_valid():
            return self.page(request, student, form, 422)
        said = form.cleaned_data
        seen = Seen(said["facts"], said["seriousness"], said["tried"], said["origin"])
        try:
            raise_concern(student=student, seen=seen, by=signed_in(request))
        except Refused as refused:
            return self.page(request, student, form, refused.status, refused=refused)
        return redirect("concern_raised")

    def find(self, public_id: str) -> User:
        found: User = get_object_or_404(User.objects.students(), public_id=public_id)
        return found

    def page(
        self, request: HttpRequest, student: User, form: RaiseForm, status: int = 200, **more: Any
    ) -> HttpResponse:
        return render(request, "wellbeing/concern_raise.html", {"student": student, "form": form} | more, status=status)


class ConcernRaised(RaisePage):
    """That it was received, and no more."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "wellbeing/concern_raised.html")
