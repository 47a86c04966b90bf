"""Addresses of the readiness page and of the matrix."""

from django.urls import URLPattern


urlpatterns: list[URLPattern] = []
