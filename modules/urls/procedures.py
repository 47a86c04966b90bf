"""Addresses of the procedure sheets."""

from django.urls import URLPattern


urlpatterns: list[URLPattern] = []
