"""Letters to those who owe figures: by hand for a period, each week by the clock."""

import logging
from collections import defaultdict
from datetime import date
from functools import partial
from smtplib import SMTPException

from celery import current_app
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.enums import Role
from accounts.models import Membership, Prefecture
from indicators.entry_rules import is_reminder_due
from indicators.mails import entry_reminder
from indicators.models import EntryReminder
from indicators.reading.periods import Kind, Period
from indicators.selectors.entry import Slot, last_complete, missing_slots
from modules.selectors.assessments import contacts_by_service
from modules.selectors.cycles import current_cycle


logger = logging.getLogger(__name__)
SEND = "indicators.send_entry_reminder"


@transaction.atomic
def remind_period(
    *, prefecture: Prefecture, period: Period, today: date, with_referents: bool = False
) -> int:
    """Queue one letter for each service that owes figures; return how many leave.

    Left out: services already written to today, and those where nobody has an address.
    ``with_referents``: one too for the figures of the préfecture and of its sites.
    """
    owing = _owed(prefecture, period)
    addresses = _addresses(prefecture, today)
    count = 0
    for service_id in owing:
        if not addresses.get(service_id) or (service_id is None and not with_referents):
            continue
        reminder = _claim(prefecture, service_id, period, today)
        if reminder is not None:
            transaction.on_commit(partial(_queue, reminder.pk))
            count += 1
    return count


def remind_figures(today: date) -> int:
    """Call for what the last complete periods still miss, in every préfecture; return how many leave.

    Only where a démarche runs: nobody else promised figures.
    """
    count = 0
    for prefecture in Prefecture.objects.order_by("code"):
        if current_cycle(prefecture) is None:
            continue
        for kind in Kind:
            period = last_complete(kind, today)
            if is_reminder_due(period.end, today):
                count += remind_period(
                    prefecture=prefecture, period=period, today=today, with_referents=True
                )
    return count


def send_reminder(reminder_id: int) -> bool:
    """Send one letter about what is still missing; tell whether it left.

    What could not leave gives its day back, so that somebody may try again.
    """
    reminder = (
        EntryReminder.objects.filter(pk=reminder_id).select_related("prefecture", "service").first()
    )
    if reminder is None:
        return False
    period = Period.from_code(reminder.period)
    slots = _owed(reminder.prefecture, period).get(reminder.service_id, [])
    people = _addresses(reminder.prefecture, timezone.localdate()).get(reminder.service_id, [])
    if not slots or not people:
        return False
    try:
        entry_reminder(reminder, period, slots, people).send()
    except (OSError, SMTPException):
        logger.exception("the reminder of figures %s could not leave", reminder.pk)
        reminder.delete()
        return False
    return True


def _owed(prefecture: Prefecture, period: Period) -> dict[int | None, list[Slot]]:
    """Return what is missing, by service (``None``: of the préfecture and of its sites)."""
    owing: dict[int | None, list[Slot]] = defaultdict(list)
    for slot in missing_slots(prefecture, period):
        owing[slot.service.pk if slot.service else None].append(slot)
    return owing


def _addresses(prefecture: Prefecture, today: date) -> dict[int | None, list[str]]:
    """Return who is written to for each service; the référents for the préfecture itself."""
    found: dict[int | None, list[str]] = {}
    cycle = current_cycle(prefecture)
    if cycle is not None:
        for service, contacts in contacts_by_service(cycle, today).items():
            found[service] = [contact.email for contact in contacts if contact.email]
    referents = Membership.objects.filter(
        prefecture=prefecture, role=Role.QUALITY_REFERENT, user__is_active=True
    ).active_on(today)
    found[None] = list(referents.order_by("user__email").values_list("user__email", flat=True))
    return found


def _claim(
    prefecture: Prefecture, service_id: int | None, period: Period, today: date
) -> EntryReminder | None:
    """Take the day for a service; ``None`` when somebody did already."""
    try:
        with transaction.atomic():
            return EntryReminder.objects.create(
                prefecture=prefecture, service_id=service_id, period=period.code, sent_on=today
            )
    except IntegrityError:
        return None


def _queue(reminder_id: int) -> None:
    """Hand one letter to a worker; by name, as the tasks know the services and not the reverse."""
    try:
        current_app.send_task(SEND, args=[reminder_id], retry=False)
    except (OperationalError, OSError):
        logger.exception("the reminder of figures %s could not be queued", reminder_id)
        EntryReminder.objects.filter(pk=reminder_id).delete()
