"""Addresses of the workbooks read for figures."""

from django.urls import URLPattern


urlpatterns: list[URLPattern] = []
