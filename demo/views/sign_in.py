"""Signing in as a named person with one click. Exists in the demonstration only."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.models import User
from demo.seeding.named_people import NAMED_PEOPLE
from demo.views.outbox import DemonstrationView
from foundation.web.addresses import own_path


@method_decorator(never_cache, name="dispatch")
class DemoSignIn(DemonstrationView):
    """POST `email` of a named person, and `next`.

    Anybody else is not found, not even administrators that somebody has created.
    """

    def post(self, request: HttpRequest) -> HttpResponse:
        named = [person.email for person in NAMED_PEOPLE if person.email == request.POST.get("email")]
        user = get_object_or_404(User, email__in=named, is_active=True)
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect(own_path(request, request.POST.get("next", ""), settings.LOGIN_REDIRECT_URL))


class DemoPeople(DemonstrationView):
    """For tools and scripts: the people to sign in as."""

    def get(self, request: HttpRequest) -> JsonResponse:
        people = [
            {"email": person.email, "name": person.name, "roles": list(person.roles), "situation": person.situation}
            for person in NAMED_PEOPLE
        ]
        return JsonResponse(people, safe=False)
