"""The URL configuration of the worker that tests start: a worker answers no requests."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
