"""Addresses of the entry of figures and of their validation."""

from django.urls import URLPattern


urlpatterns: list[URLPattern] = []
