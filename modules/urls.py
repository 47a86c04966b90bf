"""Addresses of the app: « Démarche » and the référentiels."""

from django.urls import path

from modules import views


app_name = "modules"
urlpatterns = [
    path("", views.cycle_list, name="cycle_list"),
    path("demarches/nouvelle/", views.cycle_create, name="cycle_create"),
    path("demarches/<int:pk>/", views.cycle_detail, name="cycle_detail"),
    path("demarches/<int:pk>/modifier/", views.cycle_edit, name="cycle_edit"),
    path("demarches/<int:pk>/modules/", views.module_choose, name="module_choose"),
    path("demarches/<int:pk>/validation/", views.perimeter_validate, name="perimeter_validate"),
    path("demarches/<int:pk>/audits/nouveau/", views.audit_create, name="audit_create"),
    path("demarches/<int:pk>/audits/<int:audit_pk>/", views.audit_edit, name="audit_edit"),
    path(
        "demarches/<int:pk>/audits/<int:audit_pk>/retirer/",
        views.audit_delete,
        name="audit_delete",
    ),
    path(
        "demarches/<int:pk>/audits/<int:audit_pk>/retablir/",
        views.audit_restore,
        name="audit_restore",
    ),
    path("referentiels/", views.referential_list, name="referential_list"),
    path("referentiels/<slug:slug>/", views.referential_detail, name="referential_detail"),
    path(
        "referentiels/<slug:slug>/ce-qui-change/",
        views.referential_changes,
        name="referential_changes",
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
]
