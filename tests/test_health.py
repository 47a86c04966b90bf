"""/sante/: 200 while people can work, 503 when what they type could be lost."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from qualepref import health
from reports.services import record_heartbeat


pytestmark = pytest.mark.django_db


def fail(*args: object, **kwargs: object) -> None:
    raise OSError("no")


def test_everything_works(client: Client) -> None:
    record_heartbeat(worker="worker@here")
    response = client.get("/sante/")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "version": "0.1.0",
        "database": "ok",
        "storage": "ok",
        "broker": "ok",
        "worker": "ok",
        "font_subsetting": "ok",
    }
    assert response["Cache-Control"] == "no-store"


def test_absent_worker_is_told_without_alarm(client: Client) -> None:
    response = client.get("/sante/")
    assert response.status_code == 200
    assert response.json()["worker"] == "absent"
    assert response.json()["status"] == "degraded"


def test_silent_worker_is_absent(client: Client) -> None:
    heartbeat = record_heartbeat(worker="worker@here")
    heartbeat.seen_at = timezone.now() - timedelta(minutes=5)
    heartbeat.save()
    assert client.get("/sante/").json()["worker"] == "absent"


def test_missing_font_library_is_told_without_alarm(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "harfbuzz_subset_available", lambda: False)
    response = client.get("/sante/")
    assert (response.status_code, response.json()["font_subsetting"]) == (200, "absent")


@pytest.mark.parametrize(
    ("part", "target"),
    [
        ("storage", (default_storage, "save")),
        ("broker", (health.current_app, "connection_for_write")),
        ("database", (health.transaction, "atomic")),
    ],
)
def test_vital_part_down_gives_503(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    part: str,
    target: tuple[object, str],
) -> None:
    monkeypatch.setattr(*target, fail)
    response = client.get("/sante/")
    assert response.status_code == 503
    body = response.json()
    assert (body[part], body["status"]) == ("error", "error")
    assert f"health: {part}" in caplog.text
    assert "no" not in body.values()
