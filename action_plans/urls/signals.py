"""Addresses of origins, measures, effects, « fil rouge », follow-up by e-mail."""

from django.urls import URLPattern


urlpatterns: list[URLPattern] = []
