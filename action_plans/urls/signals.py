"""Addresses of origins, measures, effects, « fil rouge », follow-up by e-mail."""

from django.urls import path

from action_plans.views import follow_up, signals, thread


ONE = "<int:pk>/"
MEASURE = f"{ONE}mesures/<int:measure_pk>/"

urlpatterns = [
    path("fil-rouge/", thread.thread_list, name="thread_list"),
    path("fil-rouge/document/", thread.thread_document, name="thread_document"),
    path("effets/relever/", thread.effects_refresh, name="effects_refresh"),
    path("suivi/<str:token>/", follow_up.follow_up, name="follow_up"),
    path(f"{ONE}origines/ajouter/", signals.origin_add, name="origin_add"),
    path(f"{ONE}origines/<int:origin_pk>/retirer/", signals.origin_remove, name="origin_remove"),
    path(
        f"{ONE}origines/retirees/<int:history_pk>/retablir/",
        signals.origin_restore,
        name="origin_restore",
    ),
    path(f"{ONE}mesures/ajouter/", signals.measure_add, name="measure_add"),
    path(f"{MEASURE}modifier/", signals.measure_edit, name="measure_edit"),
    path(f"{MEASURE}valeur/", signals.measure_value, name="measure_value"),
    path(f"{MEASURE}retirer/", signals.measure_remove, name="measure_remove"),
    path(f"{MEASURE}retablir/", signals.measure_restore, name="measure_restore"),
]
