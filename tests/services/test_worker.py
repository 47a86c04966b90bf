"""A document is produced by a real worker process: once, whatever happens to the worker."""

import hashlib
import os
import signal

from tests.services.conftest import Installation
from tests.stack import wait_until


LONG = 1500  # decisions: seconds of layout


def wait_for_state(installation: Installation, pk: int, state: str) -> dict[str, object]:
    def document() -> dict[str, object] | None:
        found = installation.document(pk)
        assert found["state"] != "failed" or state == "failed", installation.stack.log("worker")
        return found if found["state"] == state else None

    return dict(wait_until(document, f"document {pk} {state}"))


def wait_for_layout(installation: Installation, pk: int) -> dict[str, object]:
    """Wait until a worker lays the document out (its second step)."""

    def document() -> dict[str, object] | None:
        found = installation.document(pk)
        return found if found["state"] == "running" and found["progress_done"] == 2 else None

    return dict(wait_until(document, f"document {pk} under way"))


def assert_produced_once(installation: Installation, pk: int, attempts: int) -> None:
    document = wait_for_state(installation, pk, "ready")
    (file,) = installation.files(pk)
    content = file.read_bytes()
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == document["sha256"]
    assert str(file).endswith(str(document["file"]))
    assert document["attempts"] == attempts


def test_document_is_produced(working: Installation) -> None:
    assert_produced_once(working, working.request(), attempts=1)


def test_what_was_asked_without_worker_is_produced_when_one_comes(working: Installation) -> None:
    working.stack.kill("worker")
    pk = working.request()
    assert working.request() == pk, "asked twice while it waits: one document"
    assert working.document(pk)["state"] == "queued"
    working.stack.start_worker()
    assert_produced_once(working, pk, attempts=1)


def test_message_delivered_again_does_nothing(working: Installation) -> None:
    pk = working.request()
    assert_produced_once(working, pk, attempts=1)
    before = working.document(pk)
    sent = f"""
from reports import queue
for _ in range(3):
    queue.send({pk})
"""
    working.stack.run(sent)
    other = working.request()
    wait_for_state(working, other, "ready")
    assert working.document(pk) == before


def test_worker_killed_while_it_renders(working: Installation) -> None:
    """SIGKILL to the worker and its children, as a power cut: finished after restart, once."""
    working.set_size(LONG)
    pk = working.request()
    wait_for_layout(working, pk)
    working.stack.kill("worker")
    assert working.document(pk)["state"] == "running"
    working.set_size(1)
    working.stack.start_worker()
    assert_produced_once(working, pk, attempts=2)


def test_child_killed_while_it_renders(working: Installation) -> None:
    """The process that renders is killed (out of memory); the worker goes on with another."""
    working.set_size(LONG)
    pk = working.request()
    owner = str(wait_for_layout(working, pk)["claimed_by"])
    working.set_size(1)
    os.kill(int(owner.rsplit(":", 2)[1]), signal.SIGKILL)
    assert_produced_once(working, pk, attempts=2)
