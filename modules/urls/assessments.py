"""Addresses of the auto-diagnostics."""

from django.urls import URLPattern


urlpatterns: list[URLPattern] = []
