"""What the workers do. A service called."""

from celery import shared_task

from action_plans.services import effects, follow_up


@shared_task(name="action_plans.refresh_effects", soft_time_limit=240, time_limit=270)
def refresh_effects() -> None:
    effects.refresh_effects()


@shared_task(name="action_plans.send_digests", soft_time_limit=540, time_limit=570)
def send_digests() -> None:
    follow_up.send_digests()
