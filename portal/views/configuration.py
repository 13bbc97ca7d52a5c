"""The first page for administrators: how the service is configured, what looks wrong, and where to change it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access.permissions import AdministratorPage
from portal.selectors.configuration import configuration


class Configuration(AdministratorPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "home/configuration.html", configuration(timezone.localdate()))
