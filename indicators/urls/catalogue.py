"""Addresses of the definitions and of the targets."""

from django.urls import path

from indicators.views import catalogue, corrections, targets


DEFINITION = "definitions/<str:code>/"
LOCAL, NATIONAL = "cibles/<int:pk>/", "cibles-nationales/<int:pk>/"

urlpatterns = [
    path("definitions/", catalogue.definition_list, name="definition_list"),
    path(DEFINITION, catalogue.definition_detail, name="definition_detail"),
    path(f"{DEFINITION}corriger/", corrections.definition_correct, name="definition_correct"),
    path(f"{DEFINITION}cibles/nouvelle/", targets.target_create, name="target_create"),
    path(f"{LOCAL}modifier/", targets.target_edit, name="target_edit"),
    path(f"{LOCAL}retirer/", targets.target_remove, name="target_remove"),
    path(f"{LOCAL}retablir/", targets.target_restore, name="target_restore"),
    path(
        f"{DEFINITION}cibles-nationales/nouvelle/",
        targets.national_target_create,
        name="national_target_create",
    ),
    path(f"{NATIONAL}modifier/", targets.national_target_edit, name="national_target_edit"),
    path(f"{NATIONAL}retirer/", targets.national_target_remove, name="national_target_remove"),
    path(f"{NATIONAL}retablir/", targets.national_target_restore, name="national_target_restore"),
]
