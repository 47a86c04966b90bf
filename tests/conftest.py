"""Strict by default: whole families of mistakes fail the test that meets them."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from xdist.scheduler import LoadScopeScheduling

from tests import strict
from tests.cast import Cast, build_cast
from tests.client import StrictClient
from tests.stack import Stack


def pytest_configure(config: pytest.Config) -> None:
    strict.close_network()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove this process's throw-away data folder (made by qualepref.settings.test)."""
    folder = Path(settings.DATA_DIR)
    if folder.name.startswith("qualepref-test-"):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def _strict_framework() -> Iterator[None]:
    """Undefined template variables fail; querysets without an order come shuffled."""
    with (
        strict.undefined_variables_fail(),
        strict.unordered_querysets_shuffled(),
        strict.connections_kept_between_requests(),
    ):
        yield


@pytest.fixture
def client() -> Client:
    """An anonymous client with the checks of ``StrictClient``."""
    return StrictClient()


@pytest.fixture
def cast(db: None) -> Cast:
    """People of two préfectures and above them; see tests/cast.py."""
    return build_cast()


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration in it, loaded once: running installations copy it."""
    stack = Stack(tmp_path_factory.mktemp("demo"))
    stack.manage("migrate", "-v", "0")
    stack.manage("demo", "--if-empty")
    return stack.folder


# Folder → mark: the slow tests are told by where they are, and share a running installation.
_BY_FOLDER = {"services": "services", "e2e": "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(settings.BASE_DIR / "tests").parts[0]
        if mark := _BY_FOLDER.get(folder):
            item.add_marker(mark)


class OneProcessPerInstallation(LoadScopeScheduling):
    """With ``-n``: the tests of a marked folder stay together, every other one goes anywhere.

    The same as ``--dist loadgroup``, which pytest-xdist 3.8 does not manage with pytest 9.
    """

    def _split_scope(self, nodeid: str) -> str:
        folder = nodeid.removeprefix("tests/").split("/")[0]
        return _BY_FOLDER.get(folder, nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneProcessPerInstallation:
    return OneProcessPerInstallation(config, log)
