"""Addresses of the pieces of evidence."""

from django.urls import path

from modules.views import evidence as views
from modules.views import evidence_writes as writes


_OF_CYCLE = "demarches/<int:pk>/pieces/"
_PIECE = "pieces/<int:pk>/"
_VERSION = f"{_PIECE}versions/<int:number>/"

urlpatterns = [
    path(_OF_CYCLE, views.evidence_list, name="evidence_list"),
    path(f"{_OF_CYCLE}manques/", views.evidence_gaps, name="evidence_gaps"),
    path(f"{_OF_CYCLE}nouvelle/", writes.evidence_create, name="evidence_create"),
    path(f"{_OF_CYCLE}joindre/", writes.evidence_join, name="evidence_join"),
    path(_PIECE, views.evidence_detail, name="evidence_detail"),
    path(f"{_PIECE}modifier/", writes.evidence_edit, name="evidence_edit"),
    path(f"{_PIECE}remplacer/", writes.evidence_version_add, name="evidence_version_add"),
    path(f"{_PIECE}engagements/", writes.evidence_attach, name="evidence_attach"),
    path(f"{_PIECE}detacher/", writes.evidence_detach, name="evidence_detach"),
    path(f"{_PIECE}rattacher/", writes.evidence_rejoin, name="evidence_rejoin"),
    path(f"{_PIECE}retirer/", writes.evidence_delete, name="evidence_delete"),
    path(f"{_PIECE}retablir/", writes.evidence_restore, name="evidence_restore"),
    path(f"{_VERSION}fichier/", views.evidence_download, name="evidence_download"),
    path(f"{_VERSION}ouvrir/", views.evidence_open, name="evidence_open"),
    path(f"{_VERSION}apercu/", views.evidence_preview, name="evidence_preview"),
]
