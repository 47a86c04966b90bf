"""The dossier de preuves: what it holds, in which order, numbered, verifiable, without what is internal."""

import base64
import csv
import hashlib
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from modules.dossier.pdf import _small_image
from modules.enums import Sensitivity
from modules.models import Evidence, EvidenceVersion
from modules.services.files import store_file
from reports import services
from reports.models import Document
from tests.cast import Cast
from tests.modules.builders import Scene, make_evidence, make_scene


# EXIF: the tag, and its value for a quarter turn.
ORIENTATION, TURNED_A_QUARTER = 0x0112, 6
PDF, ZIP = "modules.evidence_dossier", "modules.evidence_archive"


@pytest.fixture(autouse=True)
def _files_apart(tmp_path: Path, settings: Any) -> None:
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    settings.DATA_DIR = tmp_path


def pdf_bytes(pages: int, *, rotation: int = 0, size: tuple[int, int] = (595, 842)) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=size)
        document.pages[-1].obj.Rotate = rotation
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def image_bytes() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(target, "PNG")
    return target.getvalue()


def hand_in(scene: Scene, piece: Evidence, name: str, content: bytes) -> Evidence:
    """Give a piece a file, as its second version."""
    stored = store_file(
        prefecture=scene.cycle.prefecture,
        upload=SimpleUploadedFile(name, content),
        name=piece.title,
        by=None,
    )
    piece.current = EvidenceVersion.objects.create(evidence=piece, number=2, stored=stored)
    piece.save()
    return piece


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """Two modules of three commitments; a scan of 3 pages proves two of them."""
    scene = make_scene(cast.prefecture)
    first, second, third = scene.commitments[:3]
    hand_in(scene, make_evidence(scene, first, third, title="Registre"), "r.pdf", pdf_bytes(3))
    hand_in(scene, make_evidence(scene, second, title="Photo"), "p.png", image_bytes())
    hand_in(scene, make_evidence(scene, second, title="Relevé"), "r.csv", b"mois;taux\n1;2\n")
    make_evidence(scene, second, title="Page du site")
    make_evidence(scene, scene.commitments[3], title="Ancien arrêté", expires_on=date(2022, 2, 1))
    secret = make_evidence(scene, second, title="Note interne", sensitivity=Sensitivity.RESTRICTED)
    hand_in(scene, secret, "note.pdf", pdf_bytes(1))
    return scene


def produce(cast: Cast, scene: Scene, kind: str) -> Document:
    document = services.produce_now(
        kind=kind, subject_id=scene.cycle.pk, scope=cast.scope("referente")
    )
    assert document.is_ready, document.error_message
    return document


def texts_of(document: Document) -> list[str]:
    """Return the text of each page, without its spaces."""
    pypdf = pytest.importorskip("pypdf")
    with document.file.open() as file:
        pages = pypdf.PdfReader(io.BytesIO(file.read())).pages
        return [" ".join(page.extract_text().split()) for page in pages]


@pytest.mark.django_db
def test_pages_follow_and_are_numbered_from_end_to_end(cast: Cast, scene: Scene) -> None:
    document = produce(cast, scene, PDF)
    texts = texts_of(document)
    # Cover and index; 1 + 3 pages of the scan; one page for each of the four other pieces.
    front = len(texts) - 8
    assert document.page_count == len(texts)
    for number, text in enumerate(texts, start=1):
        assert f"page {number} / {len(texts)}" in text
    starts = {title: front + 1 + rank for title, rank in (("Registre", 0), ("Page du site", 4))}
    index = " ".join(texts[:front])
    for title, page in starts.items():
        assert f"{title} {page}" in index
        assert title in texts[page - 1]
    assert "est dans l’archive" in texts[front + 6]


@pytest.mark.django_db
def test_what_is_internal_appears_nowhere(cast: Cast, scene: Scene) -> None:
    document = produce(cast, scene, PDF)
    assert "Note interne" not in " ".join(texts_of(document))
    assert "Note interne" not in str(document.frozen)
    archive = produce(cast, scene, ZIP)
    with archive.file.open() as file, zipfile.ZipFile(file) as packed:
        assert not [name for name in packed.namelist() if "interne" in name]
        assert b"interne" not in packed.read("index.csv").lower()


@pytest.mark.django_db
def test_what_is_missing_is_said(cast: Cast, scene: Scene) -> None:
    frozen = produce(cast, scene, PDF).frozen
    assert frozen is not None
    assert {item["code"]: item["reason"] for item in frozen["missing"]} == {
        "M2-1": "toutes les pièces sont périmées",
        "M2-2": "aucune pièce",
        "M2-3": "aucune pièce",
    }


@pytest.mark.django_db
def test_bookmarks_title_and_language(cast: Cast, scene: Scene) -> None:
    with produce(cast, scene, PDF).file.open() as file, pikepdf.open(file) as dossier:
        with dossier.open_outline() as outline:
            titles = [item.title for item in outline.root]
            assert titles == ["Présentation et index", "Module 1 – Module 1", "Module 2 – Module 2"]
            first = outline.root[1].children[0]
            assert first.title == "M1-1 – Engagement 1.1"
            assert [child.title for child in first.children] == ["Registre"]
        assert str(dossier.Root.Lang) == "fr"
        assert "Dossier de preuves" in str(dossier.docinfo["/Title"])
        assert bool(dossier.Root.ViewerPreferences.DisplayDocTitle)


@pytest.mark.django_db
@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_turned_and_wide_pages_keep_their_shape(cast: Cast, rotation: int) -> None:
    scene = make_scene(cast.prefecture)
    piece = make_evidence(scene, scene.commitments[0], title="Plan")
    hand_in(scene, piece, "plan.pdf", pdf_bytes(1, rotation=rotation, size=(1191, 842)))
    with produce(cast, scene, PDF).file.open() as file, pikepdf.open(file) as dossier:
        last = dossier.pages[-1]
        assert [float(side) for side in last.mediabox] == [0, 0, 1191, 842]
        assert int(last.obj.Rotate) == rotation


@pytest.mark.django_db
def test_a_photograph_is_printed_upright(cast: Cast, tmp_path: Path) -> None:
    """A telephone keeps it lying, and says in its EXIF data how to turn it."""
    lying = Image.new("RGB", (60, 40), "green")
    exif = lying.getexif()
    exif[ORIENTATION] = TURNED_A_QUARTER
    lying.save(tmp_path / "lying.jpg", exif=exif)
    address = _small_image(tmp_path / "lying.jpg")
    with Image.open(io.BytesIO(base64.b64decode(address.split(",", 1)[1]))) as printed:
        assert printed.size == (40, 60)


@pytest.mark.django_db
def test_archive_holds_renamed_files_their_index_and_their_fingerprints(
    cast: Cast, scene: Scene
) -> None:
    document = produce(cast, scene, ZIP)
    assert document.file_name.endswith(".zip")
    with document.file.open() as file, zipfile.ZipFile(file) as packed:
        names = packed.namelist()
        assert "M1-1/001_registre_v2.pdf" in names
        manifest = packed.read("MANIFESTE.sha256").decode()
        for line in manifest.splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256(packed.read(name)).hexdigest() == digest
        assert len(manifest.splitlines()) == 3
        lines = list(
            csv.reader(packed.read("index.csv").decode("utf-8-sig").splitlines(), delimiter=";")
        )
    registre = [line for line in lines if line[4] == "Registre"]
    assert [line[1] for line in registre] == ["M1-1", "M1-3"]
    assert {line[10] for line in registre} == {"M1-1/001_registre_v2.pdf"}


@pytest.mark.django_db
def test_an_altered_file_stops_the_dossier_and_is_named(cast: Cast, scene: Scene) -> None:
    stored = Evidence.objects.get(title="Registre").current.stored
    with stored.file.open("wb") as file:
        file.write(b"%PDF-1.4 falsifie")
    for kind in (PDF, ZIP):
        document = services.produce_now(
            kind=kind, subject_id=scene.cycle.pk, scope=cast.scope("referente")
        )
        assert document.error_code == "piece_altered"
        assert "« Registre »" in document.error_message


@pytest.mark.django_db
def test_a_scan_that_cannot_be_read_again_is_left_to_the_archive(cast: Cast) -> None:
    scene = make_scene(cast.prefecture)
    piece = make_evidence(scene, scene.commitments[0], title="Abîmé")
    hand_in(scene, piece, "a.pdf", pdf_bytes(1))
    stored = piece.current.stored
    with stored.file.open("wb") as file:
        file.write(b"%PDF-1.4 illisible")
    type(stored).objects.update(sha256=hashlib.sha256(b"%PDF-1.4 illisible").hexdigest())
    assert "n’a pas pu être repris" in texts_of(produce(cast, scene, PDF))[-1]


@pytest.mark.django_db
def test_an_auditor_reads_the_dossier_of_their_demarche_only(cast: Cast, scene: Scene) -> None:
    document = produce(cast, scene, PDF)
    readable = Document.objects.readable_by(cast.scope("auditeur"))
    assert list(readable) == [document]
    scene.cycle.auditors.all().delete()
    assert not Document.objects.readable_by(cast.scope("auditeur")).exists()
