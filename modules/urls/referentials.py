"""Addresses of the référentiels."""

from django.urls import path

from modules.views import corrections
from modules.views import referentials as views


urlpatterns = [
    path("referentiels/", views.referential_list, name="referential_list"),
    path("referentiels/<slug:slug>/", views.referential_detail, name="referential_detail"),
    path(
        "referentiels/<slug:slug>/ce-qui-change/",
        views.referential_changes,
        name="referential_changes",
    ),
    path(
        "referentiels/<slug:slug>/ce-qui-change/document/",
        views.referential_changes_document,
        name="referential_changes_document",
    ),
    path(
        "referentiels/<slug:slug>/engagements/<str:code>/",
        views.commitment_detail,
        name="commitment_detail",
    ),
    path(
        "referentiels/<slug:slug>/engagements/<str:code>/corriger/",
        views.commitment_correct,
        name="commitment_correct",
    ),
    path(
        "referentiels/<slug:slug>/modules/<int:number>/corriger/",
        corrections.module_correct,
        name="module_correct",
    ),
    path(
        "referentiels/<slug:slug>/rubriques/<int:heading_pk>/corriger/",
        corrections.heading_correct,
        name="heading_correct",
    ),
]
