"""Addresses of imports, exports and validated versions."""

from django.urls import path

from action_plans.views import exchange, plan_versions


IMPORT = "importer/<int:pk>/"

urlpatterns = [
    path("exporter/<str:fmt>/", exchange.action_export, name="action_export"),
    path("importer/", exchange.import_create, name="import_create"),
    path(IMPORT, exchange.import_detail, name="import_detail"),
    path(f"{IMPORT}etat/", exchange.import_progress, name="import_progress"),
    path(f"{IMPORT}appliquer/", exchange.import_apply, name="import_apply"),
    path(f"{IMPORT}abandonner/", exchange.import_cancel, name="import_cancel"),
    path(f"{IMPORT}annuler/", exchange.import_undo, name="import_undo"),
    path(f"{IMPORT}reprendre/", exchange.import_resume, name="import_resume"),
    path("versions/", plan_versions.plan_version_list, name="plan_version_list"),
    path("versions/nouvelle/", plan_versions.plan_version_create, name="plan_version_create"),
    path("versions/<int:pk>/", plan_versions.plan_version_detail, name="plan_version_detail"),
    path(
        "versions/<int:pk>/differences/",
        plan_versions.plan_version_differences,
        name="plan_version_differences",
    ),
]
