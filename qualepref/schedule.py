"""What happens by the clock. Times are local (settings.TIME_ZONE)."""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab


# A document whose worker died is put back in the queue within this delay.
SWEEP_EVERY = timedelta(seconds=15)

# While no worker runs, these messages must not pile up: the next one says the same.
_ONCE = {"expires": SWEEP_EVERY.total_seconds()}

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "requeue-lost-documents": {
        "task": "reports.requeue_lost_documents",
        "schedule": SWEEP_EVERY,
        "options": _ONCE,
    },
    "worker-heartbeat": {
        "task": "reports.beat_heart",
        "schedule": SWEEP_EVERY,
        "options": _ONCE,
    },
    "remind-deliverables": {
        "task": "modules.send_due_reminders",
        "schedule": crontab(hour=7, minute=0),
    },
    "recalculate-figures": {
        "task": "indicators.recalculate_figures",
        "schedule": crontab(hour=5, minute=30),
    },
    "remind-figures": {
        "task": "indicators.remind_figures",
        "schedule": crontab(hour=7, minute=0, day_of_week="monday"),
    },
    "remind-assessments": {
        "task": "modules.remind_assessments",
        "schedule": crontab(hour=7, minute=0),
    },
    "refresh-effects": {
        "task": "action_plans.refresh_effects",
        "schedule": crontab(hour=6, minute=30),
    },
    "send-action-digests": {
        "task": "action_plans.send_digests",
        "schedule": crontab(day_of_week="monday", hour=7, minute=0),
    },
}
