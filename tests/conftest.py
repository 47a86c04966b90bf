"""Strict by default: whole families of mistakes fail the test that meets them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests import strict
from tests.cast import Cast, build_cast
from tests.client import StrictClient


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


# Folder → marks: the slow tests are told by where they are, and each kind keeps to one process.
_BY_FOLDER = {"services": "services", "e2e": "browser"}


# First: xdist reads the groups in its own hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(settings.BASE_DIR / "tests").parts[0]
        if mark := _BY_FOLDER.get(folder):
            item.add_marker(mark)
            item.add_marker(pytest.mark.xdist_group(folder))
