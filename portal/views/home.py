from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.generic import View

from accounts.access.permissions import StudentPage
from accounts.models import Role
from accounts.rules.policy import policy_in_force
from foundation.web.addresses import own_path
from portal.api.eligibility import reader
from portal.selectors.eligibility import eligibility_page
from portal.selectors.held import held_about
from portal.selectors.published_policy import published_policy
from portal.selectors.readings import readings_page
from portal.selectors.student_home import student_home
from portal.views.context_processors import THEMES


class Home(LoginRequiredMixin, View):
    """Shows or redirects to the start page of each role. People without any see what the portal holds about them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_student:
            return render(request, "home/home_student.html", {"home": student_home(user)})
        if user.is_careers_staff:
            return redirect("today")
        if user.has_role(Role.WELLBEING_LEAD):
            return redirect("concern_list")
        if user.has_role(Role.ADMINISTRATOR):
            return redirect("configuration")
        if user.has_role(Role.INFORMATION_GOVERNANCE):
            return redirect("security_register")
        if user.has_role(Role.ALUMNI_RELATIONS) and policy_in_force().alumni_sharing:
            return redirect("alumni_list")
        return render(request, "home/home_other.html", {"roles": [Role(role).label for role in user.roles]})


class Policies(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "home/policies.html", {"published": published_policy()})


class EligibilityList(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "home/eligibility_list.html", {"eligibility": eligibility_page(reader(request))})


class Accessibility(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "home/accessibility.html", {"policy": policy_in_force()})


class ThemeChoose(View):
    """Saves the theme (light, dark or the device's) in a cookie, also for people who are not signed in."""

    def post(self, request: HttpRequest) -> HttpResponse:
        response = redirect(own_path(request, request.POST.get("next", "/"), "/"))
        theme = request.POST.get("theme", "")
        if theme in THEMES:
            secure = settings.SESSION_COOKIE_SECURE or request.is_secure()
            response.set_cookie(settings.THEME_COOKIE_NAME, theme, max_age=31536000, samesite="Lax", secure=secure)
        else:
            response.delete_cookie(settings.THEME_COOKIE_NAME, samesite="Lax")
        return response


@require_safe
@cache_control(public=True, max_age=3600)
def brand_css(request: HttpRequest) -> HttpResponse:
    """The same for everybody; does not read the session."""
    return HttpResponse(render_to_string("brand.css", {"brand": settings.BRAND}), content_type="text/css")


class HeldList(StudentPage):
    """What we hold about you (DATA-3)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "home/held_list.html", {"held": held_about(request.user)})


class ReadingList(StudentPage):
    """Who read the student's notes and documents."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page, readings = readings_page(request.user, request.GET.get("page"))
        return render(request, "home/reading_list.html", {"page": page, "readings": readings})
