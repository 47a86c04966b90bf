"""Documents put together from parts: streamed, told part by part, gone on with after an interruption."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import CharField
from django.db.models.functions import Cast as CastTo
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Prefecture
from reports import services
from reports.enums import DocumentState
from reports.models import Document
from reports.registry import ComposedKind
from reports.services import recovering
from reports.workshop import ComposedFile, Workshop, workshop_folder
from tests.cast import Cast
from tests.reports.specimen import Specimen, registered


PARTS = 5


class Archive(Specimen, ComposedKind):
    """Five parts in an archive; ``stop_at`` raises ``stop_with`` before that part."""

    code = "tests.archive"
    label = "Archive d’essai"
    template = ""
    made: list[int] = []
    stop_at: int | None = None
    stop_with: BaseException = KeyboardInterrupt()

    def file_name(self, frozen: dict[str, Any]) -> str:
        return "archive.zip"

    def readable_subjects(self, scope: Any) -> Any:
        if scope.role != Role.AUDITOR:
            return None
        return Prefecture.objects.none().values_list(CastTo("pk", CharField()))

    def compose(self, frozen: Any, workshop: Workshop, *, document: Any) -> ComposedFile:
        parts = []
        for number in range(PARTS):
            if number == self.stop_at:
                raise self.stop_with
            workshop.progress(number, PARTS, "Pièces rassemblées")
            parts.append(
                workshop.part(f"part {number}", ".txt", lambda path, n=number: _make(path, n))
            )
        path = workshop.path("archive.zip")
        with zipfile.ZipFile(path, "w") as archive:
            for number, part in enumerate(parts):
                archive.write(part, f"{number}.txt")
        return ComposedFile(path)


def _make(path: Path, number: int) -> None:
    Archive.made.append(number)
    path.write_text(f"part {number}")


@pytest.fixture(autouse=True)
def _archive(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    Archive.made, Archive.stop_at, Archive.stop_with = [], None, KeyboardInterrupt()
    with registered(Archive):
        yield


def ask(cast: Cast) -> Document:
    return services.request_document(
        kind=Archive.code, subject_id=cast.prefecture.pk, scope=cast.scope("referente")
    )


@pytest.mark.django_db
def test_the_file_is_kept_and_the_workshop_closed(cast: Cast) -> None:
    document = services.produce_document(ask(cast).pk)
    assert document is not None
    assert document.state == DocumentState.READY, document.error_message
    assert (document.format, document.content_type) == ("ZIP", "application/zip")
    with document.file.open() as file, zipfile.ZipFile(file) as archive:
        assert archive.read("4.txt") == b"part 4"
    assert document.size > 0
    assert len(document.sha256) == 64
    assert not workshop_folder(document.pk).exists()

    response = cast.client("referente").get(
        reverse("reports:document_download", args=[document.pk]), {"inline": ""}
    )
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith("attachment")
    response.close()


@pytest.mark.django_db
def test_a_killed_worker_s_parts_are_not_made_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = ask(cast).pk
    Archive.stop_at = 3
    with pytest.raises(KeyboardInterrupt):
        services.produce_document(pk)
    document = Document.objects.get(pk=pk)
    assert document.progress_words == "Pièces rassemblées : 2 sur 5"
    assert Archive.made == [0, 1, 2]

    monkeypatch.setattr(recovering, "is_gone", lambda identity: True)
    Archive.stop_at = None
    assert services.requeue_lost_documents() == [pk]
    services.produce_document(pk)
    assert Archive.made == [0, 1, 2, 3, 4]
    assert Document.objects.get(pk=pk).is_ready


@pytest.mark.django_db
def test_an_attempt_that_goes_forward_is_put_back_at_the_time_limit(cast: Cast) -> None:
    pk = ask(cast).pk
    Archive.stop_with = SoftTimeLimitExceeded()
    for stop in (1, 2, 3, 4):
        Archive.stop_at = stop
        services.produce_document(pk)
        document = Document.objects.get(pk=pk)
        assert (document.state, document.attempts) == (DocumentState.QUEUED, 0)
    # This time nothing new is made: the limit is a failure, and says so.
    services.produce_document(pk)
    document = Document.objects.get(pk=pk)
    assert (document.state, document.error_code) == (DocumentState.FAILED, "too_long")
    assert not workshop_folder(pk).exists()


@pytest.mark.django_db
def test_an_error_fails_and_leaves_no_parts(cast: Cast) -> None:
    pk = ask(cast).pk
    Archive.stop_at, Archive.stop_with = 2, OSError("disk full")
    document = services.produce_document(pk)
    assert document is not None
    assert document.error_code == "storage"
    assert not workshop_folder(pk).exists()


@pytest.mark.django_db
def test_a_kind_may_limit_what_an_auditor_reads(cast: Cast) -> None:
    document = services.produce_document(ask(cast).pk)
    assert document is not None
    address = reverse("reports:document_detail", args=[document.pk])
    assert cast.client("agent").get(address).status_code == 200
    assert cast.client("auditeur").get(address).status_code == 404
    for name, count in (("agent", 1), ("auditeur", 0)):
        assert Document.objects.readable_by(cast.scope(name)).count() == count
