"""The application as it runs: gunicorn and Celery worker processes on a throw-away folder."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from tests.guards.repository import ROOT


BIN = Path(sys.executable).parent
PATIENCE = 60.0  # seconds; long enough for a loaded machine


def wait_until(condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Return the first true value of ``condition``; AssertionError after ``patience`` seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"after {patience:.0f} s, still waiting for: {what}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stack:
    """One installation: its data folder, its services, its processes.

    ``services`` adds variables (DATABASE_URL, REDIS_URL…); without them it is the embedded one.
    """

    folder: Path
    services: dict[str, str] = field(default_factory=dict)
    settings: str = "qualepref.settings.local"
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        hidden = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE")
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in hidden and not name.startswith("PYTEST_")
        }
        return {
            **kept,
            "PATH": f"{BIN}:{kept.get('PATH', '')}",
            "QUALEPREF_DATA": str(self.folder),
            "DJANGO_SETTINGS_MODULE": self.settings,
            "PORT": str(self.port),
            "LOG_LEVEL": "WARNING",
            "PYTHONWARNINGS": "ignore",
            **self.services,
        }

    def manage(self, *arguments: str) -> str:
        """Run a management command; its output on success, its errors in the failure."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {' '.join(arguments)}:\n{done.stderr[-3000:]}"
        return done.stdout

    def run(self, source: str) -> Any:
        """Run Python in the installation; what it passes to ``answer()`` comes back, by JSON."""
        lines = self.manage("shell", "--no-imports", "-c", f"{_ANSWER}\n{source}").splitlines()
        return json.loads(lines[-1]) if lines else None

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Read the database directly: cheap enough to be asked ten times a second."""
        url = self.services.get("DATABASE_URL")
        connection = (
            psycopg2.connect(url)
            if url
            else sqlite3.connect(self.folder / "db.sqlite3", timeout=20)
        )
        with contextlib.closing(connection), contextlib.closing(connection.cursor()) as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    # --- Processes ------------------------------------------------------------------------------

    def start_web(self) -> None:
        self._start(
            "web", "gunicorn", "qualepref.wsgi", "--bind", f"127.0.0.1:{self.port}",
            "--workers", "1", "--threads", "8", "--log-level", "warning",
        )  # fmt: skip
        wait_until(self.health, "the health page")

    def start_worker(
        self, name: str = "worker", *, concurrency: int = 1, beat: bool = True
    ) -> None:
        """Start a worker process and wait until it executes tasks."""
        self._start(
            name, "celery", "-A", "qualepref", "worker", "--loglevel", "INFO", "--hostname",
            f"{name}@test", "--concurrency", str(concurrency), "--without-gossip",
            "--without-mingle", *(["-B"] if beat else []),
        )  # fmt: skip
        wait_until(lambda: self._is_working(name), f"{name} ready")

    def kill(self, name: str) -> None:
        """Kill a process and its children as the kernel would: SIGKILL, nothing said."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for name in list(self.processes):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.processes[name].wait(15)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.processes.pop(name).pid, signal.SIGKILL)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def health(self) -> dict[str, Any] | None:
        """Return the health page, None while it does not answer 200."""
        try:
            with urllib.request.urlopen(f"{self.url}/sante/", timeout=5) as answer:
                return dict(json.load(answer))
        except OSError:
            return None

    def _is_working(self, name: str) -> bool:
        if self.processes[name].poll() is not None:
            raise AssertionError(f"{name} stopped:\n{self.log(name)[-3000:]}")
        return f"{name}@test ready" in self.log(name)

    def _start(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [str(BIN / command[0]), *command[1:]],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


_ANSWER = """
import json
def answer(value):
    print(json.dumps(value, default=str))
"""
