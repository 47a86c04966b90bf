"""Every write of a document: ask, claim, produce, retry, and take over from the dead."""

from reports.services.asking import produce_now, request_document, retry_document
from reports.services.ownership import claim_document, report_progress
from reports.services.producing import produce_document, requester_scope
from reports.services.recovering import record_heartbeat, requeue_lost_documents


__all__ = [
    "claim_document",
    "produce_document",
    "produce_now",
    "record_heartbeat",
    "report_progress",
    "request_document",
    "requester_scope",
    "requeue_lost_documents",
    "retry_document",
]
