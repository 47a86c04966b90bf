"""Addresses of correspondants, working groups and deliverables."""

from django.urls import URLPattern


urlpatterns: list[URLPattern] = []
