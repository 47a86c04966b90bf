"""What the workers do. An id in, a service called."""

from celery import shared_task

from indicators.services import imports


@shared_task(name=imports.READ, soft_time_limit=240, time_limit=270)
def read_import(import_id: int) -> None:
    imports.read_import(import_id)
