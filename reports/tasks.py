"""What the workers do. An id in, a service called."""

from celery import Task, shared_task

from reports import services


# The lease of a claim (reports.services.recovering) is longer than the hard limit.
@shared_task(name="reports.produce_document", soft_time_limit=240, time_limit=270)
def produce_document(document_id: int) -> None:
    services.produce_document(document_id)


@shared_task(name="reports.requeue_lost_documents")
def requeue_lost_documents() -> None:
    services.requeue_lost_documents()


@shared_task(name="reports.beat_heart", bind=True)
def beat_heart(self: Task) -> None:
    services.record_heartbeat(worker=self.request.hostname or "inconnu")
