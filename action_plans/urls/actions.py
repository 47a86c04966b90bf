"""Addresses of the actions: list, one of them, its parts, its acts."""

from django.urls import URLPattern


urlpatterns: list[URLPattern] = []
