"""What the workers do. An id in, a service called."""

from celery import shared_task

from meetings.services.delivery import send_delivery as send


@shared_task(name="meetings.send_delivery", soft_time_limit=120, time_limit=150)
def send_delivery(delivery_id: int) -> None:
    send(delivery_id)
