"""Addresses of the public footer pages and of the developers' catalogue."""

from django.urls import URLPattern


app_name = "common"
urlpatterns: list[URLPattern] = []
