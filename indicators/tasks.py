"""What the workers do. An id in, a service called."""

from celery import shared_task
from django.utils import timezone

from indicators.services import imports, reminders


@shared_task(name="indicators.remind_figures", time_limit=600)
def remind_figures() -> None:
    reminders.remind_figures(timezone.localdate())


@shared_task(name=reminders.SEND, time_limit=60)
def send_entry_reminder(reminder_id: int) -> None:
    reminders.send_reminder(reminder_id)


@shared_task(name=imports.READ, soft_time_limit=240, time_limit=270)
def read_import(import_id: int) -> None:
    imports.read_import(import_id)
