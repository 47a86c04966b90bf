"""Messages to the workers. The database is the truth: a message lost is sent again by the sweep."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError


logger = logging.getLogger(__name__)
PRODUCE = "reports.produce_document"


def send(document_id: int) -> None:
    """Ask a worker to produce the document; a broker that does not answer is not the user's trouble.

    By name: the tasks know the services, the services need not know the tasks.
    """
    try:
        current_app.send_task(PRODUCE, args=[document_id], retry=False)
    except (OperationalError, OSError):
        logger.exception(
            "document %s could not be sent to the workers; the sweep will", document_id
        )
