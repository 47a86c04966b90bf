"""Addresses of the app."""

from django.urls import URLPattern


app_name = "modules"
urlpatterns: list[URLPattern] = []
