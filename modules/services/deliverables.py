"""Deliverables: fixed, begun, handed in, accepted or sent back, called for again."""

import logging
from collections.abc import Mapping
from datetime import date, datetime
from smtplib import SMTPException
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.access import Permission, Scope
from modules.enums import DeliverableState
from modules.mails_deliverables import reminder_letter
from modules.models import Deliverable, LabelCycle, Procedure, SelfAssessment
from modules.rules.deliverables import OWED, is_reminder_due
from modules.selectors.deliverables import Recipient, is_mine, owed_everywhere, recipients_of
from modules.services.files import store_file
from modules.services.writing import remove, restore, write


logger = logging.getLogger(__name__)
S = DeliverableState


# --- What is owed -----------------------------------------------------------------------------
@transaction.atomic
def fix_deliverable(*, cycle: LabelCycle, values: Mapping[str, Any]) -> Deliverable:
    """Fix what is owed: ``kind``, ``title``, ``due_on``, and by whom."""
    row = Deliverable(cycle=cycle)
    _write(row, values)
    return row


@transaction.atomic
def update_deliverable(*, deliverable: Deliverable, values: Mapping[str, Any]) -> Deliverable:
    """Change some fields of what is owed."""
    _write(deliverable, values)
    return deliverable


def _write(row: Deliverable, values: Mapping[str, Any]) -> None:
    given = {
        name: values.get(name, getattr(row, name))
        for name in ("owner", "owner_name", "service", "group")
    }
    if not any(given.values()):
        raise ValidationError(
            "Dites qui doit ce livrable : une personne, un service ou un groupe de travail."
        )
    group = given["group"]
    if group is not None and group.cycle_id != row.cycle_id:
        raise ValidationError({"group": "Ce groupe est celui d’une autre démarche."})
    write(row, values)


@transaction.atomic
def remove_deliverable(*, deliverable: Deliverable) -> Deliverable:
    """Take a deliverable off the pages; ``restore_deliverable`` puts it back."""
    return remove(deliverable)


@transaction.atomic
def restore_deliverable(*, deliverable: Deliverable) -> Deliverable:
    """Put a deliverable back."""
    return restore(deliverable)


# --- Its life ---------------------------------------------------------------------------------
def refuse_stranger(deliverable: Deliverable, scope: Scope) -> None:
    """Raise ``ValidationError`` unless the reader answers for the deliverable or fixes them all."""
    if not (scope.may(Permission.GROUP_EDIT) or is_mine(deliverable, scope)):
        raise ValidationError(
            "Ce livrable n’est ni le vôtre, ni celui d’un de vos services ou groupes : le référent "
            "qualité ou son responsable le remettent."
        )


@transaction.atomic
def begin_deliverable(*, deliverable: Deliverable, scope: Scope) -> Deliverable:
    """Say that somebody is working on it."""
    refuse_stranger(deliverable, scope)
    if deliverable.state != S.TODO:
        raise ValidationError("Ce livrable est déjà commencé.")
    write(deliverable, {"state": S.DOING})
    return deliverable


@transaction.atomic
def hand_in_deliverable(
    *,
    deliverable: Deliverable,
    scope: Scope,
    upload: UploadedFile | None = None,
    procedure: Procedure | None = None,
    assessment: SelfAssessment | None = None,
    note: str = "",
) -> Deliverable:
    """Hand in a file, a procedure sheet or an auto-diagnostic; once more replaces what was there."""
    refuse_stranger(deliverable, scope)
    if deliverable.state == S.ACCEPTED:
        raise ValidationError("Ce livrable est déjà accepté : il n’y a plus rien à remettre.")
    if upload is None and procedure is None and assessment is None and deliverable.stored is None:
        raise ValidationError(
            "Joignez un fichier, ou désignez la fiche de procédure ou l’auto-diagnostic remis."
        )
    values: dict[str, Any] = {
        "procedure": procedure,
        "assessment": assessment,
        "note": note,
        "state": S.DELIVERED,
        "delivered_on": timezone.localdate(),
        "sent_back_reason": "",
    }
    if upload is not None:
        values["stored"] = store_file(
            prefecture=deliverable.cycle.prefecture,
            upload=upload,
            name=deliverable.title,
            by=scope.user,
        )
    write(deliverable, values)
    return deliverable


@transaction.atomic
def accept_deliverable(*, deliverable: Deliverable) -> Deliverable:
    """Accept what was handed in."""
    if deliverable.state != S.DELIVERED:
        raise ValidationError("Seul un livrable remis peut être accepté.")
    write(deliverable, {"state": S.ACCEPTED})
    return deliverable


@transaction.atomic
def send_back_deliverable(*, deliverable: Deliverable, reason: str) -> Deliverable:
    """Ask for it again, and say why; what was handed in stays readable."""
    if deliverable.state in OWED:
        raise ValidationError("Ce livrable n’est pas encore remis : relancez plutôt.")
    write(deliverable, {"state": S.DOING, "delivered_on": None, "sent_back_reason": reason.strip()})
    return deliverable


# --- Reminders --------------------------------------------------------------------------------
@transaction.atomic
def remind_deliverable(*, deliverable: Deliverable) -> list[Recipient]:
    """Call for a deliverable now; return who was written to.

    Raises ``ValidationError`` when it is not owed, when it was called for today already, when
    nobody can be reached, or when the letter could not leave.
    """
    if deliverable.state not in OWED:
        raise ValidationError("Ce livrable est remis : il n’y a plus à relancer.")
    now = timezone.now()
    people = recipients_of(deliverable)
    if not people:
        raise ValidationError(
            "Personne à qui écrire : donnez à ce livrable un responsable qui a un compte, ou un "
            "correspondant qualité avec un courriel à son service."
        )
    if _day(deliverable.reminded_at) == _day(now) or not _claim(deliverable, now):
        raise ValidationError("Une relance est déjà partie aujourd’hui.")
    sent = [person for person in people if _send(person, [deliverable])]
    if not sent:
        raise ValidationError("Le courriel n’a pas pu partir. Réessayez dans quelques minutes.")
    return sent


def send_due_reminders() -> int:
    """Call for everything whose day has come, one letter per person; return how many letters left.

    Never twice a day for one deliverable, whatever the number of workers: each claims it first. What
    no letter called for is left as it was, for the next run.
    """
    now = timezone.now()
    letters: dict[tuple[int, str], tuple[Recipient, list[Deliverable]]] = {}
    unreached: dict[int, datetime | None] = {}
    for row in owed_everywhere():
        before = row.reminded_at
        people = recipients_of(row) if _is_due(row, now) else []
        if not people or not _claim(row, now):
            continue
        unreached[row.pk] = before
        for person in people:
            key = (row.cycle.prefecture_id, person.email.lower())
            letters.setdefault(key, (person, []))[1].append(row)
    sent = 0
    for person, rows in letters.values():
        if _send(person, rows):
            sent += 1
            for row in rows:
                unreached.pop(row.pk, None)
    for pk, before in unreached.items():
        Deliverable.objects.filter(pk=pk, reminded_at=now).update(reminded_at=before)
    return sent


def _is_due(row: Deliverable, now: datetime) -> bool:
    return is_reminder_due(
        due_on=row.due_on, today=timezone.localdate(now), reminded_on=_day(row.reminded_at)
    )


def _claim(row: Deliverable, now: datetime) -> bool:
    """Mark a deliverable as called for; ``False`` when somebody else did meanwhile.

    No revision: nobody's form is about it.
    """
    unchanged = Deliverable.objects.filter(pk=row.pk, reminded_at=row.reminded_at)
    if unchanged.update(reminded_at=now) != 1:
        return False
    row.reminded_at = now
    return True


def _send(person: Recipient, rows: list[Deliverable]) -> bool:
    try:
        reminder_letter(person, rows, timezone.localdate()).send()
    except (OSError, SMTPException):
        logger.exception("the reminder of deliverables %s could not leave", [r.pk for r in rows])
        return False
    return True


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None
