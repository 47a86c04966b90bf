"""Production refuses to start half-configured, and its settings pass Django's own deployment checks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guards.repository import ROOT


COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "qualepref.settings.production",
    "SECRET_KEY": "tests-only-eis6Ohqu4phaiXoo7ohp8ahT2ua9Eewei3Ieph7oh",
    "ALLOWED_HOSTS": "qualite.exemple.fr",
    "PUBLIC_URL": "https://qualite.exemple.fr",
    "DATABASE_URL": "sqlite:///:memory:",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def check(folder: Path, missing: str = "") -> subprocess.CompletedProcess[str]:
    variables = {name: value for name, value in COMPLETE.items() if name != missing}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "QUALEPREF_DATA": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_complete_settings_pass_the_deployment_checks(tmp_path: Path) -> None:
    done = check(tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_URL", "REDIS_URL"])
def test_a_missing_variable_stops_it_by_its_name(tmp_path: Path, name: str) -> None:
    done = check(tmp_path, missing=name)
    assert done.returncode != 0
    assert f'"{name}" not set' in done.stderr
