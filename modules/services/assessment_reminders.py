"""Letters about a sheet: reminders (by hand or by the clock) and the reason of a sending back."""

import logging
from datetime import date
from functools import partial
from smtplib import SMTPException
from typing import Any

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from modules.enums import AssessmentState
from modules.mails import sheet_reminder, sheet_sent_back
from modules.models import AssessmentSheet
from modules.rules.assessments import is_reminder_due
from modules.selectors.assessments import OWED, contacts_by_service, reminded_on


logger = logging.getLogger(__name__)
REMIND = "modules.send_sheet_reminder"
SEND_BACK_LETTER = "modules.send_sheet_back_letter"


# --- By hand ----------------------------------------------------------------------------------
@transaction.atomic
def remind_sheets(*, sheets: list[AssessmentSheet], today: date) -> int:
    """Queue a reminder for each sheet still owed; return how many leave.

    Left out: what was handed in, what was reminded today, services where nobody has an address.
    """
    wanted = _owed().filter(pk__in=[sheet.pk for sheet in sheets])
    ready = [sheet for sheet in wanted if _addresses(sheet, today) and reminded_on(sheet) != today]
    for sheet in ready:
        transaction.on_commit(partial(queue_letter, REMIND, sheet.pk))
    return len(ready)


def remind_sheet(*, sheet: AssessmentSheet, today: date) -> None:
    """Queue the reminder of one service; raise ``ValidationError`` saying why it cannot leave."""
    if remind_sheets(sheets=[sheet], today=today):
        return
    if sheet.state not in OWED or not sheet.assessment.is_open:
        raise ValidationError("La grille n’est pas attendue : il n’y a rien à rappeler.")
    if reminded_on(sheet) == today:
        raise ValidationError("Le service a déjà été relancé aujourd’hui.")
    raise ValidationError(
        "Personne n’a d’adresse pour ce service : nommez un correspondant qualité, avec son courriel."
    )


def queue_letter(task: str, sheet_id: int) -> None:
    """Hand one letter to a worker; by name, as the tasks know the services and not the reverse."""
    try:
        current_app.send_task(task, args=[sheet_id], retry=False)
    except (OperationalError, OSError):
        logger.exception("%s of sheet %s could not be queued", task, sheet_id)


# --- By the clock -----------------------------------------------------------------------------
def remind_due_sheets(today: date) -> int:
    """Send the reminders of the day; return how many left. Running it twice sends nothing more."""
    return sum(
        send_reminder(sheet.pk)
        for sheet in _owed()
        if is_reminder_due(sheet.due_on, sheet.assessment.opened_on, reminded_on(sheet), today)
    )


def send_reminder(sheet_id: int) -> bool:
    """Send one reminder, unless the sheet was handed in or reminded today; tell whether it left.

    The day is claimed by ``UPDATE`` first, so that two workers cannot both write to a service, and
    given back when the letter could not leave.
    """
    now = timezone.now()
    sheet = _owed().filter(pk=sheet_id).first()
    if sheet is None or reminded_on(sheet) == timezone.localdate(now):
        return False
    addresses = _addresses(sheet, timezone.localdate(now))
    if not addresses:
        return False
    before = sheet.reminded_at
    mine = AssessmentSheet.objects.filter(pk=sheet.pk, reminded_at=before)
    if not mine.update(reminded_at=now):
        return False
    try:
        sheet_reminder(sheet, addresses, timezone.localdate(now)).send()
    except (OSError, SMTPException):
        logger.exception("the reminder of sheet %s could not be sent", sheet.pk)
        AssessmentSheet.objects.filter(pk=sheet.pk, reminded_at=now).update(reminded_at=before)
        return False
    return True


def send_back_letter(sheet_id: int) -> bool:
    """Tell the correspondents that their grid came back and why; tell whether the letter left."""
    sheet = _owed().filter(pk=sheet_id).first()
    if sheet is None or not sheet.review_note:
        return False
    addresses = _addresses(sheet, timezone.localdate())
    if not addresses:
        return False
    try:
        sheet_sent_back(sheet, addresses).send()
    except (OSError, SMTPException):
        logger.exception("the letter of sheet %s could not be sent", sheet.pk)
        return False
    return True


def _owed() -> QuerySet[Any]:
    return (
        AssessmentSheet.objects.filter(state__in=OWED, assessment__state=AssessmentState.OPEN)
        .select_related("assessment__cycle__prefecture", "service", "reviewed_by")
        .order_by("pk")
    )


def _addresses(sheet: AssessmentSheet, today: date) -> list[str]:
    contacts = contacts_by_service(sheet.assessment.cycle, today).get(sheet.service_id, [])
    return [contact.email for contact in contacts if contact.email]
