"""What the workers do. An id in, a service called."""

from celery import shared_task
from django.utils import timezone

from modules.services import assessment_reminders, deliverables


# --- Auto-diagnostic --------------------------------------------------------------------------
@shared_task(name="modules.remind_assessments", time_limit=600)
def remind_assessments() -> None:
    assessment_reminders.remind_due_sheets(timezone.localdate())


@shared_task(name=assessment_reminders.REMIND, time_limit=60)
def send_sheet_reminder(sheet_id: int) -> None:
    assessment_reminders.send_reminder(sheet_id)


@shared_task(name=assessment_reminders.SEND_BACK_LETTER, time_limit=60)
def send_sheet_back_letter(sheet_id: int) -> None:
    assessment_reminders.send_back_letter(sheet_id)


# --- Deliverables -----------------------------------------------------------------------------
@shared_task(name="modules.send_due_reminders", soft_time_limit=240, time_limit=270)
def send_due_reminders() -> None:
    deliverables.send_due_reminders()
