"""Addresses of correspondants, working groups and deliverables."""

from django.urls import path

from modules.views import correspondents, deliverables, groups


CYCLE = "demarches/<int:pk>/"
PERSON = f"{CYCLE}correspondants/<int:correspondent_pk>/"
GROUP = "groupes/<int:pk>/"
MEMBER = f"{GROUP}membres/<int:member_pk>/"
ITEM = "livrables/<int:pk>/"

urlpatterns = [
    path(f"{CYCLE}groupes/", groups.group_list, name="group_list"),
    path(f"{CYCLE}groupes/nouveau/", groups.group_create, name="group_create"),
    path(
        f"{CYCLE}correspondants/nouveau/",
        correspondents.correspondent_create,
        name="correspondent_create",
    ),
    path(PERSON, correspondents.correspondent_edit, name="correspondent_edit"),
    path(f"{PERSON}retirer/", correspondents.correspondent_remove, name="correspondent_remove"),
    path(f"{PERSON}retablir/", correspondents.correspondent_restore, name="correspondent_restore"),
    path(GROUP, groups.group_detail, name="group_detail"),
    path(f"{GROUP}modifier/", groups.group_edit, name="group_edit"),
    path(f"{GROUP}retirer/", groups.group_remove, name="group_remove"),
    path(f"{GROUP}retablir/", groups.group_restore, name="group_restore"),
    path(f"{GROUP}membres/nouveau/", groups.member_create, name="member_create"),
    path(MEMBER, groups.member_edit, name="member_edit"),
    path(f"{MEMBER}retirer/", groups.member_remove, name="member_remove"),
    path(f"{MEMBER}retablir/", groups.member_restore, name="member_restore"),
    path(f"{CYCLE}livrables/", deliverables.deliverable_list, name="deliverable_list"),
    path(f"{CYCLE}livrables/nouveau/", deliverables.deliverable_create, name="deliverable_create"),
    path(ITEM, deliverables.deliverable_detail, name="deliverable_detail"),
    path(f"{ITEM}modifier/", deliverables.deliverable_edit, name="deliverable_edit"),
    path(f"{ITEM}retirer/", deliverables.deliverable_remove, name="deliverable_remove"),
    path(f"{ITEM}retablir/", deliverables.deliverable_restore, name="deliverable_restore"),
    path(f"{ITEM}fichier/", deliverables.deliverable_file, name="deliverable_file"),
    path(f"{ITEM}commencer/", deliverables.deliverable_begin, name="deliverable_begin"),
    path(f"{ITEM}remettre/", deliverables.deliverable_hand_in, name="deliverable_hand_in"),
    path(f"{ITEM}accepter/", deliverables.deliverable_accept, name="deliverable_accept"),
    path(f"{ITEM}renvoyer/", deliverables.deliverable_send_back, name="deliverable_send_back"),
    path(f"{ITEM}relancer/", deliverables.deliverable_remind, name="deliverable_remind"),
]
