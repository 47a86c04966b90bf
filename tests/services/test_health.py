"""The health page of an installation that runs."""

from tests.services.conftest import Installation
from tests.stack import wait_until


def test_health_of_a_working_installation(working: Installation) -> None:
    if "web" not in working.stack.processes:
        working.stack.start_web()
    wait_until(lambda: (working.stack.health() or {}).get("worker") == "ok", "the worker's heart")
    assert working.stack.health() == {
        "status": "ok",
        "version": "0.1.0",
        "database": "ok",
        "storage": "ok",
        "broker": "ok",
        "worker": "ok",
        "font_subsetting": "ok",
    }


def test_a_broker_that_is_away_is_told(working: Installation) -> None:
    if "REDIS_URL" not in working.stack.services:
        return
    away = """
from django.test import Client
response = Client(HTTP_HOST="localhost").get("/sante/")
answer([response.status_code, response.json()["broker"], response.json()["status"]])
"""
    services = working.stack.services
    working.stack.services = {**services, "REDIS_URL": "redis://127.0.0.1:1/0"}
    try:
        assert working.stack.run(away) == [503, "error", "error"]
    finally:
        working.stack.services = services
    assert working.stack.run(away) == [200, "ok", "ok"]
