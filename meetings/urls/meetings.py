"""Addresses of a meeting: facts, agenda, attendance."""

from django.urls import path

from meetings.views import agenda, attendance, meetings


HERE = "seances/<slug:slug>/"
AGENDA = f"{HERE}ordre-du-jour/"
ATTENDANCE = f"{HERE}presences/"

urlpatterns = [
    path("<slug:slug>/seances/nouvelle/", meetings.meeting_create, name="meeting_create"),
    path(HERE, meetings.meeting_detail, name="meeting_detail"),
    path(f"{HERE}modifier/", meetings.meeting_edit, name="meeting_edit"),
    path(AGENDA, agenda.agenda, name="agenda"),
    path(f"{AGENDA}ajouter/", agenda.agenda_item_create, name="agenda_item_create"),
    path(f"{AGENDA}deplacer/", agenda.agenda_move, name="agenda_move"),
    path(f"{AGENDA}ordre/", agenda.agenda_reorder, name="agenda_reorder"),
    path(f"{AGENDA}<int:item_pk>/modifier/", agenda.agenda_item_edit, name="agenda_item_edit"),
    path(f"{AGENDA}<int:item_pk>/retirer/", agenda.agenda_item_remove, name="agenda_item_remove"),
    path(
        f"{AGENDA}<int:item_pk>/retablir/", agenda.agenda_item_restore, name="agenda_item_restore"
    ),
    path(ATTENDANCE, attendance.attendance, name="attendance"),
    path(f"{ATTENDANCE}enregistrer/", attendance.attendance_save, name="attendance_save"),
    path(f"{ATTENDANCE}pointer/", attendance.attendance_mark, name="attendance_mark"),
    path(f"{ATTENDANCE}invites/ajouter/", attendance.guest_create, name="guest_create"),
    path(f"{ATTENDANCE}invites/<int:guest_pk>/modifier/", attendance.guest_edit, name="guest_edit"),
    path(
        f"{ATTENDANCE}invites/<int:guest_pk>/retirer/",
        attendance.guest_remove,
        name="guest_remove",
    ),
    path(
        f"{ATTENDANCE}invites/<int:guest_pk>/retablir/",
        attendance.guest_restore,
        name="guest_restore",
    ),
]
