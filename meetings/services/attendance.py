"""Writing who came: marks of members and bodies, guests."""

from collections.abc import Mapping

from django.db import transaction

from common.editing import is_stale
from common.typography import NBSP
from meetings import rules
from meetings.errors import ConflictError, RefusedError
from meetings.models import Attendance, Body, Guest, Meeting, Member
from meetings.selectors.attendance import kept_guests, seen_value, stored_mark
from meetings.services.locks import lock_open_meeting


@transaction.atomic
def mark_presence(
    *,
    meeting: Meeting,
    target: Member | Body,
    mark: rules.Mark | None,
    seen: str | None = None,
) -> Attendance | None:
    """Tick a member or a whole body, or untick it (``mark`` is ``None``); return the row, if any.

    ``seen`` is what the page had read (``GridRow.seen``): ``ConflictError`` when somebody else ticked
    something different since. ``RefusedError`` when the target is not of this committee.
    """
    lock_open_meeting(meeting)
    key = "body" if isinstance(target, Body) else "member"
    committee_id = target.committee_id if isinstance(target, Body) else target.body.committee_id
    if committee_id != meeting.committee_id:
        raise RefusedError("Cette personne ou cet organisme n’est pas de ce comité.")
    stored = Attendance.objects.filter(meeting=meeting, **{key: target}).first()
    found = stored_mark(stored)
    if mark == found:
        return stored
    if seen is not None and seen != seen_value(found):
        raise ConflictError(_ticked_meanwhile(meeting, target, found))
    if mark is None:
        if stored:
            stored.delete()
        return None
    row = stored or Attendance(meeting=meeting, **{key: target})
    row.presence = mark.presence
    row.represented_by = mark.represented_by
    row.note = mark.note
    row.save()
    return row


Wanted = Mapping[str, tuple[Member | Body, rules.Mark | None, str]]


@transaction.atomic
def save_marks(*, meeting: Meeting, wanted: Wanted) -> dict[str, str]:
    """Save several rows, ``{key: (target, mark, seen)}``; return the refused ones, ``{key: why}``.

    A row that somebody else ticked meanwhile is left as it is, and the others are saved.
    """
    refused: dict[str, str] = {}
    for key, (target, mark, seen) in wanted.items():
        try:
            mark_presence(meeting=meeting, target=target, mark=mark, seen=seen)
        except ConflictError as refusal:
            refused[key] = refusal.message
    return refused


def _ticked_meanwhile(meeting: Meeting, target: Member | Body, found: rules.Mark | None) -> str:
    """Say who ticked what since the page was read."""
    key = "body" if isinstance(target, Body) else "member"
    history = Attendance.history.filter(meeting=meeting.pk, **{key: target.pk})
    latest = history.select_related("history_user").order_by("-history_id").first()
    who = str(latest.history_user) if latest and latest.history_user else "Quelqu’un d’autre"
    words = found.presence.label if found else "Non pointé"
    return (
        f"{target}{NBSP}: {who} vient de choisir «{NBSP}{words}{NBSP}» ou de changer l’observation. "
        "Votre choix n’est pas enregistré : reprenez-le s’il est le bon."
    )


@transaction.atomic
def save_guest(*, meeting: Meeting, guest: Guest) -> Guest:
    """Save a new or changed guest. ``RefusedError`` for somebody who is already in the lists."""
    lock_open_meeting(meeting)
    if guest.pk is not None and is_stale(guest):
        raise ConflictError(
            "Quelqu’un vient de modifier cet invité. Rechargez la page, puis recommencez."
        )
    guest.meeting = meeting
    _refuse_twice(meeting, guest)
    guest.save()
    return guest


@transaction.atomic
def remove_guest(*, guest: Guest) -> Guest:
    """Take a guest off the list; ``restore_guest`` brings them back."""
    lock_open_meeting(guest.meeting)
    if guest.removed_at is None:
        guest.mark_removed()
    return guest


@transaction.atomic
def restore_guest(*, guest: Guest) -> Guest:
    """Put a removed guest back, unless the same person was written again since."""
    lock_open_meeting(guest.meeting)
    if guest.removed_at is not None:
        _refuse_twice(guest.meeting, guest)
        guest.mark_restored()
    return guest


def _refuse_twice(meeting: Meeting, guest: Guest) -> None:
    """The same person is never counted twice: neither as two guests, nor as member and guest."""
    name = f"{guest.first_name} {guest.last_name}"
    for other in kept_guests(meeting):
        if other.pk != guest.pk and rules.same_name(name, f"{other.first_name} {other.last_name}"):
            raise RefusedError(f"{other.full_name} est déjà parmi les invités de cette séance.")
    members = Member.objects.filter(body__committee=meeting.committee_id, body__removed_at=None)
    for member in members.holding_on(meeting.held_on).select_related("body").order_by("pk"):
        if rules.same_name(name, f"{member.first_name} {member.last_name}"):
            raise RefusedError(
                f"{member.full_name} est membre du comité au titre de l’organisme "
                f"«{NBSP}{member.body}{NBSP}» : pointez sa présence dans la grille."
            )
