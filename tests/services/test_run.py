"""`make run` as somebody types it: it answers, it heals, and it leaves nothing behind."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.repository import ROOT
from tests.stack import Stack, wait_until


class Run:
    """A running `make run` with its output."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.output = stack, stack.folder / "run.log"
        with self.output.open("wb") as log:
            self.make = subprocess.Popen(
                ["make", "run"],
                cwd=ROOT,
                env=stack.environment | {"VENV": sys.prefix, "HOST": "127.0.0.1"},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self.output.read_text()

    def processes(self) -> list[int]:
        """Return the processes whose environment names our folder (Linux)."""
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                environment = (folder / "environ").read_bytes()
                state = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
            except OSError:
                continue
            if f"QUALEPREF_DATA={self.stack.folder}\0".encode() in environment and state != "Z":
                found.append(int(folder.name))
        return found

    def workers(self) -> list[int]:
        return [
            pid
            for pid in self.processes()
            if b"celery" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]


def kill(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def run(tmp_path: Path, demo_data: Path) -> Iterator[Run]:
    """An installation started again on its data."""
    shutil.copytree(demo_data, tmp_path, dirs_exist_ok=True)
    with running(tmp_path) as run:
        yield run


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Run]:
    """Run `make run` on a data folder until the end of the test."""
    run = Run(Stack(folder))
    try:
        # The first time, it loads the demonstration.
        wait_until(lambda: "Ctrl-C pour arrêter" in run.text, "the welcome", patience=150)
        yield run
    finally:
        # Ended by its own means first: what dies by itself takes its children along.
        run.make.kill()
        run.make.wait()
        kill(run.processes())


def test_on_an_empty_folder_it_says_where_and_who(tmp_path: Path) -> None:
    with running(tmp_path) as run:
        assert f"http://localhost:{run.stack.port}/" in run.text
        assert "demo-qualepref" in run.text
        assert re.search(r"referente@loir-et-cher\.demo\s+Référent qualité", run.text)
        health = run.stack.health()
        assert health is not None
        assert health["database"] == "ok"


def test_a_second_one_on_the_same_port_says_so(run: Run) -> None:
    second = subprocess.run(
        ["make", "run"],
        cwd=ROOT,
        env=run.stack.environment | {"VENV": sys.prefix},
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode != 0
    assert f"Le port {run.stack.port} est déjà pris" in second.stdout
    assert run.stack.health() is not None


def test_a_dead_worker_is_started_again(run: Run) -> None:
    before = wait_until(run.workers, "the worker")
    kill(before)
    wait_until(lambda: set(run.workers()) - set(before), "another worker")
    assert run.stack.health() is not None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["term", "kill"])
def test_it_leaves_nothing_behind(run: Run, number: signal.Signals) -> None:
    os.kill(run.make.pid, number)
    run.make.wait(30)
    wait_until(lambda: not run.processes(), "the end of every process")
