"""Keep a file handed in by somebody: checked, renamed, with a picture of its first page."""

import io
from functools import partial
from typing import IO, Any

import pypdfium2
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.text import slugify
from PIL import Image

from accounts.models import Prefecture, User
from common.uploads import CheckedUpload, check_upload
from modules.models import StoredFile


PREVIEW_WIDTH = 900


@transaction.atomic
def store_file(*, prefecture: Prefecture, upload: Any, name: str, by: User | None) -> StoredFile:
    """Check and keep an uploaded file; ``ValidationError`` says in French why it is refused.

    ``name`` is what people call it (« Charte d’accueil »): the file is downloaded as
    « charte-daccueil.pdf », with the extension of its content.
    """
    checked = check_upload(upload, max_bytes=settings.MAX_UPLOAD_BYTES)
    stored = StoredFile(
        prefecture=prefecture,
        original_name=str(upload.name)[-255:],
        name=uniform_name(name, checked.extension),
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        page_count=checked.page_count,
        stored_by=by,
    )
    picture = _picture(checked)
    if picture is not None:
        stored.preview.save("apercu.jpg", ContentFile(picture), save=False)
    checked.file.seek(0)
    stored.file.save(stored.name, File(checked.file), save=False)
    stored.save()
    return stored


def uniform_name(name: str, extension: str) -> str:
    """Return a name that every system takes: ASCII, no space, the extension of the content.

    >>> uniform_name("Charte d’accueil (été)", "pdf")
    'charte-daccueil-ete.pdf'
    """
    return f"{slugify(name)[:120] or 'piece'}.{extension}"


def _picture(checked: CheckedUpload) -> bytes | None:
    """Return the first page as a JPEG, at most 900 pixels wide; ``None`` when it cannot be drawn."""
    if checked.extension == "pdf":
        return _pdf_picture(checked.file)
    if checked.extension in {"jpg", "png"}:
        checked.file.seek(0)
        with Image.open(checked.file) as image:
            return _small_jpeg(image)
    return None


def _pdf_picture(file: IO[bytes]) -> bytes | None:
    file.seek(0)
    try:
        # A file, not its bytes: PDFium reads only what the first page needs.
        with pypdfium2.PdfDocument(file, autoclose=False) as document:
            page = document[0]
            width = page.get_width() or PREVIEW_WIDTH
            scale = min(PREVIEW_WIDTH / width, 4)
            if page.get_height() * scale > 8 * PREVIEW_WIDTH:
                return None
            return _small_jpeg(page.render(scale=scale).to_pil())
    except (pypdfium2.PdfiumError, ValueError, OSError):
        # It was opened by another reader: it can be kept, only its picture is missing.
        return None


def _small_jpeg(image: Image.Image) -> bytes:
    small = image.convert("RGBA")
    small.thumbnail((PREVIEW_WIDTH, 4 * PREVIEW_WIDTH))
    paper = Image.new("RGB", small.size, "white")
    paper.paste(small, mask=small.getchannel("A"))
    kept = io.BytesIO()
    paper.save(kept, "JPEG", quality=80, optimize=True)
    return kept.getvalue()


def discard_file(*, stored: StoredFile) -> None:
    """Forget a file that nothing uses; its content leaves once the transaction is kept."""
    kept = [item for item in (stored.file, stored.preview) if item]
    names = [(item.storage, str(item.name)) for item in kept]
    stored.delete()
    for storage, name in names:
        transaction.on_commit(partial(storage.delete, name))
