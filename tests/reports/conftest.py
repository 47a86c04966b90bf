"""What the tests of documents share: a kind, messages caught on the way, files in a folder apart."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reports import queue
from reports.models import Document
from reports.pdf import TypesetPdf
from reports.services import produce_now, producing
from tests.cast import Cast
from tests.reports.specimen import LandscapeSpecimen, Specimen, registered


@pytest.fixture(autouse=True)
def _files_apart(tmp_path: Path, settings: Any) -> None:
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    with registered(Specimen, LandscapeSpecimen):
        yield


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Messages sent to the workers, by document id."""
    messages: list[int] = []
    monkeypatch.setattr(queue, "send", messages.append)
    return messages


def quick_typeset(html: str) -> TypesetPdf:
    """Stand for the renderer where the PDF itself is not looked at."""
    return TypesetPdf(b"%PDF-1.7 " + html.encode(), 3)


@pytest.fixture
def document(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Document:
    """A document of the home préfecture, ready, asked for by the référente."""
    with monkeypatch.context() as patch:
        patch.setattr(producing, "typeset", quick_typeset)
        return produce_now(
            kind=Specimen.code, subject_id=cast.prefecture.pk, scope=cast.scope("referente")
        )
