"""What the workers do. An id in, a service called."""

from celery import shared_task

from action_plans.services import effects, follow_up, imports


@shared_task(name="action_plans.refresh_effects", soft_time_limit=240, time_limit=270)
def refresh_effects() -> None:
    effects.refresh_effects()


@shared_task(name="action_plans.send_digests", soft_time_limit=540, time_limit=570)
def send_digests() -> None:
    follow_up.send_digests()


# --- Imports ----------------------------------------------------------------------------------
@shared_task(name=imports.READ, soft_time_limit=240, time_limit=270)
def read_import(key: int) -> None:
    imports.read_import(key)


@shared_task(name=imports.APPLY, soft_time_limit=240, time_limit=270)
def apply_import(key: int) -> None:
    imports.apply_import(key)
