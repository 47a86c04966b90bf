"""Addresses of the definitions and of the targets."""

from django.urls import URLPattern


urlpatterns: list[URLPattern] = []
