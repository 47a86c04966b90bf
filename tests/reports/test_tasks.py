"""The messages, the tasks behind their names, and the clock that sends them."""

import logging
from typing import Any

import pytest
from celery import current_app
from kombu.exceptions import OperationalError

from qualepref.celery import app, take_over_from_the_dead
from qualepref.schedule import BEAT_SCHEDULE
from reports import queue, services, tasks
from reports.services.recovering import LEASE


# Taken before the fixture of the folder replaces it by a list.
SEND = queue.send


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[int]]]:
    found: list[tuple[str, list[int]]] = []

    def send_task(name: str, args: list[int] | None = None, **options: Any) -> None:
        found.append((name, args or []))

    monkeypatch.setattr(current_app._get_current_object(), "send_task", send_task)
    return found


def test_names_lead_to_tasks(messages: list[tuple[str, list[int]]]) -> None:
    app.loader.import_default_modules()
    SEND(12)
    take_over_from_the_dead()
    assert messages == [
        ("reports.produce_document", [12]),
        ("reports.requeue_lost_documents", []),
        ("reports.beat_heart", []),
    ]
    names = {name for name, _ in messages} | {str(item["task"]) for item in BEAT_SCHEDULE.values()}
    assert names <= set(app.tasks)


def test_a_task_ends_before_its_lease() -> None:
    task = tasks.produce_document
    assert task.soft_time_limit < task.time_limit < LEASE.total_seconds()


@pytest.mark.parametrize("error", [OperationalError("no broker"), ConnectionRefusedError()])
def test_a_silent_broker_is_not_the_user_s_trouble(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def refuse(*args: Any, **options: Any) -> None:
        raise error

    monkeypatch.setattr(current_app._get_current_object(), "send_task", refuse)
    with caplog.at_level(logging.ERROR):
        SEND(12)
    assert "document 12 could not be sent" in caplog.text


def test_tasks_call_their_service(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Any] = []
    monkeypatch.setattr(services, "produce_document", called.append)
    monkeypatch.setattr(services, "requeue_lost_documents", lambda: called.append("sweep"))
    tasks.produce_document(7)
    tasks.requeue_lost_documents()
    assert called == [7, "sweep"]
