"""A worker dies, a message is lost: the document is finished or queued again, never twice."""

import os
import signal
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from reports import services
from reports.enums import DocumentState
from reports.models import Document
from reports.processes import is_gone, process_identity
from reports.selectors import last_worker_heartbeat, pending_document_count
from reports.tasks import beat_heart
from tests.cast import Cast
from tests.reports.specimen import Specimen


@pytest.fixture
def process() -> "subprocess.Popen[bytes]":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield child
    child.kill()
    child.wait()


def kill(process: "subprocess.Popen[bytes]") -> None:
    os.kill(process.pid, signal.SIGKILL)
    # Not waited for: a killed process stays a zombie until its parent looks.
    while not is_gone(process_identity(process.pid)) and process_identity(process.pid)[-1] != ":":
        pass


# --- Processes --------------------------------------------------------------------------------


def test_a_living_process_is_not_gone(process: "subprocess.Popen[bytes]") -> None:
    assert not is_gone(process_identity())
    assert not is_gone(process_identity(process.pid))


def test_a_killed_process_is_gone_even_unburied(process: "subprocess.Popen[bytes]") -> None:
    identity = process_identity(process.pid)
    kill(process)
    assert is_gone(identity)


def test_another_process_with_the_same_pid_is_not_the_same() -> None:
    host, pid, start = process_identity().rsplit(":", 2)
    assert is_gone(f"{host}:{pid}:{int(start) - 1}")


@pytest.mark.parametrize("identity", ["elsewhere:1:1", "", f"{socket.gethostname()}:1:", "a:b:c"])
def test_what_cannot_be_told_from_here(identity: str) -> None:
    assert not is_gone(identity)


# --- Documents --------------------------------------------------------------------------------


def running(cast: Cast, claimed_by: str, *, attempts: int = 1, minutes: int = 0) -> Document:
    document = services.request_document(
        kind=Specimen.code, subject_id=cast.prefecture.pk, scope=cast.scope("referente")
    )
    Document.objects.filter(pk=document.pk).update(
        state=DocumentState.RUNNING,
        claimed_by=claimed_by,
        claimed_at=timezone.now() - timedelta(minutes=minutes),
        attempts=attempts,
    )
    document.refresh_from_db()
    return document


@pytest.mark.django_db
def test_dead_worker_of_this_machine_is_replaced_at_once(
    cast: Cast, sent: list[int], process: "subprocess.Popen[bytes]"
) -> None:
    document = running(cast, process_identity(process.pid))
    assert services.requeue_lost_documents() == []
    kill(process)
    assert services.requeue_lost_documents() == [document.pk]
    assert sent == [document.pk]
    document.refresh_from_db()
    assert (document.state, document.claimed_by) == (DocumentState.QUEUED, "")
    produced = services.produce_document(document.pk)
    assert produced is not None
    assert (produced.state, produced.attempts) == (DocumentState.READY, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "requeued"), [(4, False), (6, True)])
@pytest.mark.parametrize("owner", ["elsewhere:7:123", "here and alive"])
def test_a_claim_is_a_lease(
    cast: Cast, sent: list[int], owner: str, minutes: int, requeued: bool
) -> None:
    claimed_by = process_identity() if owner == "here and alive" else owner
    document = running(cast, claimed_by, minutes=minutes)
    services.requeue_lost_documents()
    assert sent == ([document.pk] if requeued else [])


@pytest.mark.django_db
def test_what_kills_every_worker_fails_in_the_end(cast: Cast, sent: list[int]) -> None:
    document = running(cast, f"{socket.gethostname()}:999999:1", attempts=3)
    assert services.requeue_lost_documents() == []
    document.refresh_from_db()
    assert (document.state, document.error_code) == (DocumentState.FAILED, "interrupted")
    assert "3 fois" in document.error_message
    assert sent == []


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "again"), [(10, False), (30, True)])
def test_a_lost_message_is_sent_again(
    cast: Cast, sent: list[int], seconds: int, again: bool
) -> None:
    document = services.request_document(
        kind=Specimen.code, subject_id=cast.prefecture.pk, scope=cast.scope("referente")
    )
    ago = timezone.now() - timedelta(seconds=seconds)
    Document.objects.filter(pk=document.pk).update(sent_at=ago)
    services.requeue_lost_documents()
    services.requeue_lost_documents()  # the next sweep leaves it the time to arrive
    assert sent == ([document.pk] if again else [])


@pytest.mark.django_db
def test_the_file_of_a_dead_attempt_is_removed(cast: Cast) -> None:
    document = running(cast, "elsewhere:7:123", minutes=6)
    name = "2022-06-30_CLU_compte-rendu_v1.pdf"
    left = default_storage.save(f"documents/41/{document.pk}/{name}", ContentFile(b"half"))
    services.requeue_lost_documents()
    produced = services.produce_document(document.pk)
    assert produced is not None
    assert produced.state == DocumentState.READY
    assert produced.file_name == name
    assert not default_storage.exists(left)
    assert default_storage.listdir(f"documents/41/{document.pk}")[1] == [
        produced.file.name.rsplit("/", 1)[1]
    ]


@pytest.mark.django_db
def test_ready_documents_are_left_alone(document: Document, sent: list[int]) -> None:
    assert services.requeue_lost_documents() == []
    assert pending_document_count() == 0


@pytest.mark.django_db
def test_heartbeat() -> None:
    assert last_worker_heartbeat() is None
    beat_heart()
    first = last_worker_heartbeat()
    assert first is not None
    beat_heart()
    assert last_worker_heartbeat() > first
