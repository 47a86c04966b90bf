"""What the workers do. A service called."""

from celery import shared_task

from modules.services import deliverables


@shared_task(name="modules.send_due_reminders", soft_time_limit=240, time_limit=270)
def send_due_reminders() -> None:
    deliverables.send_due_reminders()
