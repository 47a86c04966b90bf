"""Addresses of the démarches."""

from django.urls import path

from modules.views import acts, auditors, label
from modules.views import cycles as views


AUDITOR = "demarches/<int:pk>/auditeurs/<int:user_pk>/"
DOCUMENT = "demarches/<int:pk>/actes/<int:document_pk>/"

urlpatterns = [
    path("", views.cycle_list, name="cycle_list"),
    path("demarches/nouvelle/", views.cycle_create, name="cycle_create"),
    path("demarches/<int:pk>/", views.cycle_detail, name="cycle_detail"),
    path("demarches/<int:pk>/modifier/", views.cycle_edit, name="cycle_edit"),
    path("demarches/<int:pk>/modules/", views.module_choose, name="module_choose"),
    path(
        "demarches/<int:pk>/modules/<int:number>/",
        views.module_perimeter,
        name="module_perimeter",
    ),
    path("demarches/<int:pk>/auditeurs/", auditors.auditors, name="cycle_auditors"),
    path(f"{AUDITOR}ouvrir/", auditors.auditor_open, name="auditor_open"),
    path(f"{AUDITOR}fermer/", auditors.auditor_close, name="auditor_close"),
    path("demarches/<int:pk>/actes/ajouter/", acts.act_document_add, name="act_document_add"),
    path(DOCUMENT, acts.act_document_file, name="act_document_file"),
    path(f"{DOCUMENT}retirer/", acts.act_document_remove, name="act_document_remove"),
    path(f"{DOCUMENT}retablir/", acts.act_document_restore, name="act_document_restore"),
    path("demarches/<int:pk>/validation/", views.perimeter_validate, name="perimeter_validate"),
    path("demarches/<int:pk>/decision/", label.label_decide, name="label_decide"),
    path("demarches/<int:pk>/decision/annuler/", label.label_cancel, name="label_cancel"),
    path("demarches/<int:pk>/clore/", label.cycle_close, name="cycle_close"),
    path("demarches/<int:pk>/rouvrir/", label.cycle_reopen, name="cycle_reopen"),
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
]
