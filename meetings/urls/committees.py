"""Addresses of the committees and of their composition."""

from django.urls import path

from meetings.views import committees, composition, imports


HERE = "<slug:slug>/"
COMPOSITION = f"{HERE}composition/"
BODY = f"{COMPOSITION}organismes/<int:body_pk>/"
MEMBER = f"{COMPOSITION}membres/<int:member_pk>/"
IMPORT = f"{COMPOSITION}importer/"

urlpatterns = [
    path("", committees.committee_list, name="committee_list"),
    path("nouveau/", committees.committee_create, name="committee_create"),
    path(HERE, committees.committee_detail, name="committee_detail"),
    path(f"{HERE}modifier/", committees.committee_edit, name="committee_edit"),
    path(COMPOSITION, composition.composition, name="composition"),
    path(
        f"{COMPOSITION}exporter/<slug:fmt>/", imports.composition_export, name="composition_export"
    ),
    path(f"{COMPOSITION}organismes/nouveau/", composition.body_create, name="body_create"),
    path(f"{BODY}modifier/", composition.body_edit, name="body_edit"),
    path(f"{BODY}retirer/", composition.body_remove, name="body_remove"),
    path(f"{BODY}retablir/", composition.body_restore, name="body_restore"),
    path(f"{COMPOSITION}membres/nouveau/", composition.member_create, name="member_create"),
    path(f"{MEMBER}modifier/", composition.member_edit, name="member_edit"),
    path(f"{MEMBER}terminer/", composition.member_end, name="member_end"),
    path(f"{MEMBER}retirer/", composition.member_remove, name="member_remove"),
    path(f"{MEMBER}retablir/", composition.member_restore, name="member_restore"),
    path(IMPORT, imports.import_create, name="import_create"),
    path(f"{IMPORT}modele/<slug:fmt>/", imports.import_template, name="import_template"),
    path(f"{IMPORT}<int:import_pk>/", imports.import_preview, name="import_preview"),
    path(f"{IMPORT}<int:import_pk>/appliquer/", imports.import_apply, name="import_apply"),
    path(f"{IMPORT}<int:import_pk>/abandonner/", imports.import_cancel, name="import_cancel"),
]
