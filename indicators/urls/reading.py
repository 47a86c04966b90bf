"""Addresses of the pages where figures are read, and of their documents."""

from django.urls import URLPattern


urlpatterns: list[URLPattern] = []
