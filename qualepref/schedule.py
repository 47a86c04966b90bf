"""What happens by the clock. Times are local (settings.TIME_ZONE)."""

from datetime import timedelta
from typing import Any


# A document whose worker died is put back in the queue within this delay.
SWEEP_EVERY = timedelta(seconds=15)

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "requeue-lost-documents": {"task": "reports.requeue_lost_documents", "schedule": SWEEP_EVERY},
    "worker-heartbeat": {"task": "reports.beat_heart", "schedule": SWEEP_EVERY},
}
