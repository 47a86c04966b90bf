"""Addresses of imports and exports."""

from django.urls import URLPattern


urlpatterns: list[URLPattern] = []
