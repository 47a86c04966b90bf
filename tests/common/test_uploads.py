"""What may be handed in, what is refused, and in which words."""

import io
import zipfile

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common.uploads import check_upload


LIMIT = 5 * 1024 * 1024


def pdf(pages: int = 1, password: str = "") -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    target = io.BytesIO()
    encryption = pikepdf.Encryption(owner=password, user=password) if password else False
    document.save(target, encryption=encryption)
    return target.getvalue()


def picture(kind: str, size: tuple[int, int] = (40, 20)) -> bytes:
    image = Image.new("RGB", size, "red")
    exif = Image.Exif()
    exif[0x010F] = "Appareil de Mme Martin"
    exif[0x0112] = 6  # to be turned by a quarter
    target = io.BytesIO()
    image.save(target, kind, exif=exif)
    return target.getvalue()


def archive(**parts: str | bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return target.getvalue()


ODT = archive(mimetype="application/vnd.oasis.opendocument.text", content_DOT_xml="<a/>")
DOCX = archive(**{"[Content_Types].xml": "<a/>", "word__document_DOT_xml": "<a/>"})


def named(value: object) -> str | None:
    """Tell the cases apart by their words: the bytes of an archive hold the time of day."""
    return "…" if isinstance(value, bytes) else None


def check(name: str, content: bytes, limit: int = LIMIT):
    return check_upload(SimpleUploadedFile(name, content), max_bytes=limit)


@pytest.mark.parametrize(
    ("name", "content", "extension"),
    [
        ("note.pdf", pdf(), "pdf"),
        ("NOTE.PDF", pdf(), "pdf"),
        ("sans-extension", pdf(), "pdf"),
        ("photo.jpeg", picture("JPEG"), "jpg"),
        ("écran.png", picture("PNG"), "png"),
        ("lettre.odt", ODT, "odt"),
        ("lettre.docx", DOCX, "docx"),
        ("relevé.csv", "mois;taux\njanvier;95,1 %\n".encode("cp1252"), "csv"),
        ("relevé.txt", "été".encode(), "txt"),
    ],
    ids=named,
)
def test_accepted(name: str, content: bytes, extension: str) -> None:
    checked = check(name, content)
    assert checked.extension == extension
    assert checked.size == len(checked.file.read())
    assert len(checked.sha256) == 64


def test_a_scan_of_sixty_pages_is_accepted() -> None:
    assert check("registre.pdf", pdf(60)).page_count == 60


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("vide.pdf", b"", "vide"),
        ("note.pdf", b"MZ" + b"\0" * 300, "un programme"),
        ("note.pdf", b"\x7fELF" + b"\0" * 300, "un programme"),
        ("note.txt", b"#!/bin/sh\nrm -rf /\n", "un programme"),
        ("note.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "une page web"),
        ("plan.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "un dessin SVG"),
        ("note.pdf", picture("PNG"), "« .png »"),
        ("photo.jpg", pdf(), "« .pdf »"),
        ("note.pdf", pdf()[:200], "endommagé"),
        ("photo.png", picture("PNG")[:60], "endommagé"),
        ("lettre.odt", ODT[:40], "endommagé"),
        ("note.pdf", pdf(password="secret"), "mot de passe"),
        ("lettre.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "ancien format"),
        ("pieces.zip", archive(a="x", b="y"), "une archive ZIP"),
        ("son.mp3", b"ID3\x03\x00\x00\x00\x00\x00\x21" + b"\0" * 300, "pas reconnu"),
        (
            "bombe.docx",
            archive(**{"[Content_Types].xml": "<a/>", "word__a": b"\0" * 30_000_000}),
            "démesuré",
        ),
        (
            "macros.xlsx",
            archive(**{"[Content_Types].xml": "<a/>", "xl__vbaProject_DOT_bin": "x"}),
            "macros",
        ),
    ],
    ids=named,
)
def test_refused(name: str, content: bytes, words: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        check(name, content)
    assert words in " ".join(refusal.value.messages)


def test_too_heavy() -> None:
    with pytest.raises(ValidationError) as refusal:
        check("note.pdf", pdf() + b"\0" * 1024 * 1024, limit=1024 * 1024)
    assert "la limite est de 1 Mo" in refusal.value.messages[0]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_photos_forget_who_took_them_and_stand_upright(kind: str) -> None:
    checked = check(f"photo.{kind.lower()}", picture(kind))
    content = checked.file.read()
    assert b"Martin" not in content
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (20, 40)
        assert dict(image.getexif()) == {}
