"""A worker answers no requests: this is the list of addresses of the one that the tests start."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
