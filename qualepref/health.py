"""What the supervision asks: can the application write, keep files, reach its worker?"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from reports.pdf import harfbuzz_subset_available
from reports.selectors import last_worker_heartbeat


logger = logging.getLogger(__name__)
OK, ERROR, ABSENT = "ok", "error", "absent"
# Without these the application cannot keep what people type; the rest only makes them wait.
VITAL = ("database", "storage", "broker")
# Several beats of the worker's heart (qualepref.schedule).
WORKER_SILENT_AFTER = timedelta(seconds=90)
BROKER_PATIENCE = 2  # seconds


@dataclass(frozen=True)
class Health:
    """State of each part: « ok », « error » (vital part down) or « absent » (people wait)."""

    parts: dict[str, str]

    @property
    def is_serving(self) -> bool:
        return all(self.parts[name] == OK for name in VITAL)

    @property
    def status(self) -> str:
        if not self.is_serving:
            return ERROR
        return OK if set(self.parts.values()) == {OK} else "degraded"


def measure() -> Health:
    """Try every part; a failure is logged with its cause, which the public page does not tell."""
    return Health(
        {
            "database": _tried("database", _write_to_database),
            "storage": _tried("storage", _write_a_file),
            "broker": _tried("broker", _reach_broker),
            "worker": OK if _worker_is_alive() else ABSENT,
            "font_subsetting": OK if harfbuzz_subset_available() else ABSENT,
        }
    )


def _tried(name: str, attempt: Callable[[], None]) -> str:
    try:
        attempt()
    except Exception:
        # Whatever the cause, the answer to the supervision is the same.
        logger.exception("health: %s", name)
        return ERROR
    return OK


def _write_to_database() -> None:
    """Take what a write needs, change nothing: the lock of SQLite, a primary of PostgreSQL."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('transaction_read_only')")
            if cursor.fetchone() != ("off",):
                raise RuntimeError("the database is read-only")
        else:
            # settings.base: a transaction begins IMMEDIATE, that is with the lock for writing.
            cursor.execute("SELECT 1")


def _write_a_file() -> None:
    name = default_storage.save(f"health/{uuid.uuid4().hex}", ContentFile(b"ok"))
    default_storage.delete(name)


def _reach_broker() -> None:
    patience = {"socket_connect_timeout": BROKER_PATIENCE, "socket_timeout": BROKER_PATIENCE}
    with current_app.connection_for_write(transport_options=patience) as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE)
        with broker.SimpleQueue("health") as queue:
            queue.clear()


def _worker_is_alive() -> bool:
    try:
        seen_at = last_worker_heartbeat()
    except Exception:
        logger.exception("health: worker")
        return False
    return seen_at is not None and timezone.now() - seen_at < WORKER_SILENT_AFTER
