"""The documentation speaks of what exists."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from accounts.management.commands.permissions_doc import permissions_markdown
from tests.guards.repository import ROOT, files, relative


DOCUMENTS = [path for path in files(".md") if path.name != "CHANGELOG.md"]
_QUOTED = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?|[\w-]+\.(?:py|md|toml|txt|sh|yaml|conf)")
_COMMAND = re.compile(r"manage\.py (\w+)")
_TARGET = re.compile(r"\bmake ([a-z-]+)`")
TOP_LEVEL = {path.name for path in ROOT.iterdir()}


def quoted_paths(document: Path) -> list[str]:
    """Return what is quoted and looks like a path of this repository."""
    text = document.read_text()
    paths = [quoted.strip() for quoted in _QUOTED.findall(text) if _PATH.fullmatch(quoted.strip())]
    return [path for path in paths if path.split("/")[0] in TOP_LEVEL and "<" not in path]


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_paths_exist(document: Path) -> None:
    missing = [
        path
        for path in quoted_paths(document)
        if not (ROOT / path).exists() and not path.startswith("var/")
    ]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_links_exist(document: Path) -> None:
    links = _LINK.findall(document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_commands_exist(document: Path) -> None:
    text = document.read_text()
    assert set(_COMMAND.findall(text)) - set(get_commands()) == set()
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(_TARGET.findall(text)) - set(targets) == set()


def test_permissions_page_is_the_table_of_the_code() -> None:
    page = (ROOT / "docs" / "permissions.md").read_text()
    assert page == permissions_markdown(), "run: manage.py permissions_doc"
