"""The worker: one Celery application, the same code path on files, Redis or in tests."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_ready

from qualepref import file_broker
from qualepref.schedule import BEAT_SCHEDULE


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qualepref.settings.local")

file_broker.install()
app = Celery("qualepref")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = BEAT_SCHEDULE
app.autodiscover_tasks()


@worker_init.connect
def preload_renderer(**kwargs: Any) -> None:
    """Import WeasyPrint before the worker forks: its import costs as much as a document.

    What is loaded stays until the end: left out of the garbage collector, whose full rounds would
    otherwise take a quarter of a document's time.
    """
    from reports.pdf import warm_up

    warm_up()
    gc.collect()
    gc.freeze()


@worker_ready.connect
def take_over_from_the_dead(**kwargs: Any) -> None:
    """Queue again at once what the previous worker left when it was killed."""
    app.send_task("reports.requeue_lost_documents")
    app.send_task("reports.beat_heart")
