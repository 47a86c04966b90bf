"""Files are kept under a uniform name, with a picture of their first page."""

import hashlib
import io

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from modules.models import StoredFile
from modules.services.files import store_file, uniform_name
from modules.views.files import serve
from tests.cast import Cast


def pdf_bytes() -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Charte d’accueil (été)", "charte-daccueil-ete.pdf"),
        ("../../etc/passwd", "etcpasswd.pdf"),
        ("€€€", "piece.pdf"),
        ("a" * 300, "a" * 120 + ".pdf"),
    ],
)
def test_names_are_uniform(name: str, expected: str) -> None:
    assert uniform_name(name, "pdf") == expected


@pytest.mark.django_db
def test_a_pdf_is_kept_with_its_fingerprint_and_its_picture(cast: Cast) -> None:
    content = pdf_bytes()
    stored = store_file(
        prefecture=cast.prefecture,
        upload=SimpleUploadedFile("Mon scan.PDF", content),
        name="Charte d’accueil",
        by=cast.user("correspondant"),
    )
    assert stored.name == "charte-daccueil.pdf"
    assert stored.original_name == "Mon scan.PDF"
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    with stored.file.open() as kept:
        assert kept.read() == content
    assert "charte" not in stored.file.name
    assert stored.page_count == 1
    with stored.preview.open() as kept, Image.open(kept) as picture:
        assert picture.width == 900


@pytest.mark.django_db
def test_a_refused_file_leaves_nothing(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        store_file(
            prefecture=cast.prefecture,
            upload=SimpleUploadedFile("a.pdf", b"MZ" + b"\0" * 99),
            name="a",
            by=None,
        )
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_only_pdf_and_images_open_in_the_browser(cast: Cast) -> None:
    for name, content, inline in (("a.pdf", pdf_bytes(), True), ("a.csv", b"a;b\n", False)):
        stored = store_file(
            prefecture=cast.prefecture,
            upload=SimpleUploadedFile(name, content),
            name="Relevé",
            by=None,
        )
        response = serve(stored, inline=True)
        assert response["Content-Disposition"].startswith("inline" if inline else "attachment")
        assert b"".join(response.streaming_content) == content
        response.close()
