"""Addresses of the pieces of evidence."""

from django.urls import URLPattern


urlpatterns: list[URLPattern] = []
