"""Sending the minutes: one row per address, claimed by UPDATE, so that nobody receives them twice."""

import logging
from functools import partial
from smtplib import SMTPException, SMTPRecipientsRefused

from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from meetings.enums import DeliveryState, MinutesState
from meetings.errors import RefusedError
from meetings.mails import minutes_letter
from meetings.models import Delivery, Minutes
from meetings.models.minutes import FORGOTTEN_AFTER, INTERRUPTED_AFTER
from meetings.selectors.delivery import official_document, recipients
from meetings.services.workflow import locked_for


logger = logging.getLogger(__name__)
SEND = "meetings.send_delivery"


@transaction.atomic
def diffuse_minutes(*, minutes: Minutes) -> Minutes:
    """Send a validated version to the members who have an address, once its PDF is ready."""
    stored = locked_for("diffuse", minutes)
    document = official_document(stored)
    if document is None:
        raise RefusedError(
            "Le PDF signé n’est pas encore prêt. Attendez qu’il le soit, ou relancez sa production "
            "si elle a échoué, puis diffusez."
        )
    now = timezone.now()
    for member in recipients(stored.meeting).by_email:
        delivery = Delivery.objects.create(
            minutes=stored,
            document=document,
            member=member,
            name=member.label,
            email=member.email.strip().lower(),
            state_since=now,
        )
        transaction.on_commit(partial(_queue, delivery.pk))
    stored.state = MinutesState.DIFFUSED
    stored.diffused_at = now
    stored.save(update_fields=["state", "diffused_at"])
    return stored


def send_delivery(delivery_id: int) -> None:
    """Send one message; a second call, or a message delivered twice by the broker, does nothing."""
    claimed = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.QUEUED).update(
        state=DeliveryState.SENDING, state_since=timezone.now()
    )
    if not claimed:
        return
    delivery = Delivery.objects.select_related(
        "minutes__meeting__committee__prefecture", "document"
    ).get(pk=delivery_id)
    try:
        minutes_letter(delivery).send()
    except SMTPRecipientsRefused:
        _finish(delivery, DeliveryState.FAILED, "Le serveur de courriel refuse cette adresse.")
    except (OSError, SMTPException) as error:
        logger.exception("delivery %s could not be sent", delivery_id)
        _finish(delivery, DeliveryState.FAILED, _reason(error))
    else:
        _finish(delivery, DeliveryState.SENT, "")


def retry_delivery(*, delivery: Delivery) -> Delivery:
    """Queue again what failed, was interrupted, or was forgotten; anything else is left alone."""
    now = timezone.now()
    stuck = Q(state=DeliveryState.FAILED)
    stuck |= Q(state=DeliveryState.SENDING, state_since__lt=now - INTERRUPTED_AFTER)
    stuck |= Q(state=DeliveryState.QUEUED, state_since__lt=now - FORGOTTEN_AFTER)
    with transaction.atomic():
        updated = (
            Delivery.objects.filter(pk=delivery.pk)
            .filter(stuck)
            .update(state=DeliveryState.QUEUED, state_since=now, error_message="")
        )
        if not updated:
            raise RefusedError("Cet envoi n’a pas échoué : il n’y a rien à relancer.")
        transaction.on_commit(partial(_queue, delivery.pk))
    delivery.refresh_from_db()
    return delivery


def _finish(delivery: Delivery, state: DeliveryState, message: str) -> None:
    """Note the outcome, unless somebody judged the message interrupted meanwhile."""
    now = timezone.now()
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING).update(
        state=state,
        state_since=now,
        sent_at=now if state == DeliveryState.SENT else None,
        error_message=message,
    )


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "Le fichier PDF est introuvable. Prévenez l’administrateur."
    return "Le serveur de courriel ne répond pas ou refuse le message. Relancez plus tard."


def _queue(delivery_id: int) -> None:
    """Hand one message to a worker; by name, as the tasks know the services and not the reverse."""
    try:
        current_app.send_task(SEND, args=[delivery_id], retry=False)
    except (OperationalError, OSError):
        # The row stays « en attente »; the page offers to start it again.
        logger.exception("delivery %s could not be sent to the workers", delivery_id)
