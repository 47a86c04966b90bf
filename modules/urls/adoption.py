"""Addresses of several démarches: put side by side, taken over under a new référentiel."""

from django.urls import path

from modules.views import adoption as views


urlpatterns = [
    path("demarches/comparer/", views.cycle_compare, name="cycle_compare"),
    path("demarches/<int:pk>/reprise/", views.cycle_adopt, name="cycle_adopt"),
    path("reprises/<int:pk>/", views.adoption_detail, name="adoption_detail"),
    path("reprises/<int:pk>/annuler/", views.adoption_undo, name="adoption_undo"),
]
