"""Addresses of the readiness page and of the matrix."""

from django.urls import path

from modules.views import readiness as views


urlpatterns = [
    path("demarches/<int:pk>/preparation/", views.readiness, name="readiness"),
    path("demarches/<int:pk>/matrice/", views.matrix, name="matrix"),
]
