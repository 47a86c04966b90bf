"""Addresses of the plan as a whole: board, timeline, validated versions, documents."""

from django.urls import URLPattern


urlpatterns: list[URLPattern] = []
