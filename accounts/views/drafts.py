from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve
from django.views.generic import View

from accounts.access.permissions import signed_in
from accounts.models import Draft
from accounts.operations.drafts import drop_draft
from accounts.sign_in.typed_words import ADDRESS, DRAFTS, kept_view, page_of, person_here, save_typed, typed_in


class DraftSave(View):
    """Saves a form as it is being typed: its fields, and `draft_address`, the path that it will be sent to.

    Also for somebody whose session has just ended: they find the draft once they have signed in again.
    """

    def post(self, request: HttpRequest) -> HttpResponse:
        address, person = request.POST.get(ADDRESS, ""), person_here(request)
        if person is None:
            return redirect_to_login(page_of(request))
        try:
            view = kept_view(resolve(address).func)
        except Resolver404:
            view = None
        if view is None:
            raise Http404
        if save_typed(person, view, page_of(request), address, typed_in(request)) and person == request.user:
            request.session[DRAFTS] = True
        return HttpResponse(status=204)


class DraftDiscard(LoginRequiredMixin, View):
    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        draft = get_object_or_404(Draft.objects.visible_to(signed_in(request)), public_id=public_id)
        drop_draft(person=signed_in(request), address=draft.address)
        return redirect(draft.page)
