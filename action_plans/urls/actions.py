"""Addresses of the actions: list, one of them, its parts, its acts."""

from django.urls import path

from action_plans.views import actions, acts, axes, parts, saved_views


ONE = "<int:pk>/"
STEP = f"{ONE}etapes/<int:step_pk>/"
COMMENT = f"{ONE}commentaires/<int:comment_pk>/"
PIECE = f"{ONE}pieces/<int:piece_pk>/"
VIEW = "vues/<int:pk>/"
AXIS = "axes/<int:pk>/"

urlpatterns = [
    path("", actions.action_list, name="action_list"),
    path("les-miennes/", actions.my_actions, name="my_actions"),
    path("nouvelle/", actions.action_create, name="action_create"),
    path("en-lot/", acts.action_bulk, name="action_bulk"),
    path("vues/nouvelle/", saved_views.view_create, name="view_create"),
    path(f"{VIEW}renommer/", saved_views.view_edit, name="view_edit"),
    path(f"{VIEW}supprimer/", saved_views.view_delete, name="view_delete"),
    path("axes/", axes.axis_list, name="axis_list"),
    path(f"{AXIS}modifier/", axes.axis_edit, name="axis_edit"),
    path(f"{AXIS}deplacer/", axes.axis_shift, name="axis_shift"),
    path(f"{AXIS}retirer/", axes.axis_remove, name="axis_remove"),
    path(f"{AXIS}retablir/", axes.axis_restore, name="axis_restore"),
    path(ONE, actions.action_detail, name="action_detail"),
    path(f"{ONE}modifier/", actions.action_edit, name="action_edit"),
    path(f"{ONE}retirer/", actions.action_remove, name="action_remove"),
    path(f"{ONE}retablir/", actions.action_restore, name="action_restore"),
    path(f"{ONE}avancement/", acts.action_progress, name="action_progress"),
    path(f"{ONE}conclure/", acts.action_conclude, name="action_conclude"),
    path(f"{ONE}etat/<slug:code>/", acts.action_move, name="action_move"),
    path(f"{ONE}etapes/nouvelle/", parts.step_create, name="step_create"),
    path(f"{STEP}modifier/", parts.step_edit, name="step_edit"),
    path(f"{STEP}cocher/", parts.step_tick, name="step_tick"),
    path(f"{STEP}deplacer/", parts.step_shift, name="step_shift"),
    path(f"{STEP}retirer/", parts.step_remove, name="step_remove"),
    path(f"{STEP}retablir/", parts.step_restore, name="step_restore"),
    path(f"{ONE}commentaires/nouveau/", parts.comment_create, name="comment_create"),
    path(f"{COMMENT}retirer/", parts.comment_remove, name="comment_remove"),
    path(f"{COMMENT}retablir/", parts.comment_restore, name="comment_restore"),
    path(f"{ONE}pieces/joindre/", parts.piece_attach, name="piece_attach"),
    path(f"{PIECE}detacher/", parts.piece_detach, name="piece_detach"),
    path(f"{PIECE}rejoindre/", parts.piece_rejoin, name="piece_rejoin"),
]
