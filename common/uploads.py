"""Checks of a file handed in by somebody, before it is kept: the content decides, never the name.

What is refused raises ``ValidationError``: a French sentence that says what and how to mend. Nothing
is read whole in memory but images, which are decoded to take their hidden data off.
"""

import hashlib
import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any

import pikepdf
import puremagic
from django.core.exceptions import ValidationError
from PIL import Image, ImageOps


CHUNK = 256 * 1024
MAX_ENTRIES = 5_000
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
# An office file packs its text ten times at most; a bomb, a thousand times.
MAX_RATIO = 200
MAX_PIXELS = 80_000_000
# Extension told by the content → content type.
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "csv": "text/csv",
    "txt": "text/plain",
}
ACCEPTED_WORDS = "PDF, JPEG, PNG, ODT, ODS, ODP, DOCX, XLSX, PPTX, CSV ou texte"
_SAME = {"jpeg": "jpg", "jpe": "jpg", "text": "txt"}
_OPEN_DOCUMENTS = {TYPES[name]: name for name in ("odt", "ods", "odp")}
_OFFICE_PARTS = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_OTHER_KINDS = {
    ".exe": "un programme",
    ".dll": "un programme",
    ".elf": "un programme",
    ".gz": "une archive",
    ".7z": "une archive",
    ".rar": "une archive",
    ".tar": "une archive",
    ".html": "une page web",
    ".svg": "un dessin SVG",
    ".gif": "une image GIF",
    ".webp": "une image WebP",
    ".mp4": "une vidéo",
}
_HEAD_BYTES = 8192


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """A file that may be kept. ``file`` stands at its beginning; ``size`` is in bytes.

    ``sha256`` and ``size`` are those of ``file``: of the cleaned image, not of the one received.
    ``page_count`` is known for PDF only.
    """

    file: IO[bytes]
    extension: str
    content_type: str
    size: int
    sha256: str
    page_count: int | None


def check_upload(upload: Any, *, max_bytes: int) -> CheckedUpload:
    """Check an uploaded file (``name``, ``size``, readable and seekable) and return what to keep."""
    if not upload.size:
        raise ValidationError(
            "Ce fichier est vide (0 octet). Vérifiez-le, puis choisissez-le à nouveau."
        )
    if upload.size > max_bytes:
        raise ValidationError(
            f"Ce fichier pèse {_megabytes(upload.size)} ; la limite est de {_megabytes(max_bytes)}. "
            "Allégez-le (numérisation en 150 points par pouce, par exemple) ou coupez-le en deux."
        )
    upload.seek(0)
    extension = _extension_of(upload)
    _refuse_other_name(upload.name, extension)
    pages = None
    file: IO[bytes] = upload
    if extension == "pdf":
        pages = _pdf_pages(upload)
    elif extension in {"jpg", "png"}:
        file = _cleaned_image(upload, extension)
    size, sha256 = _measured(file)
    return CheckedUpload(file, extension, TYPES[extension], size, sha256, pages)


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} Mo".replace(".", ",").replace(",0 ", " ")


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk
    file.seek(0)


def _measured(file: IO[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(file):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()


# --- What the content is ----------------------------------------------------------------------
def _extension_of(upload: Any) -> str:
    head = upload.read(_HEAD_BYTES)
    upload.seek(0)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(upload)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise ValidationError(
            "Ce fichier est d’un ancien format de bureautique (.doc, .xls, .ppt) ou protégé par un mot "
            "de passe. Enregistrez-le sans mot de passe au format ODT, ODS, DOCX, XLSX ou PDF."
        )
    _refuse_known(head)
    if _is_text(upload):
        return "csv" if PurePath(upload.name).suffix.lower() == ".csv" else "txt"
    raise ValidationError(
        f"Le contenu de ce fichier n’est pas reconnu. Fichiers acceptés : {ACCEPTED_WORDS}."
    )


def _refuse_known(head: bytes) -> None:
    """Name what is refused, so that nobody wonders."""
    words = ""
    if head.startswith(b"MZ") or head.startswith(b"\x7fELF") or head.startswith(b"#!"):
        words = "un programme"
    elif head.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html")):
        words = "une page web"
    elif b"<svg" in head[:1000].lower():
        words = "un dessin SVG"
    else:
        try:
            words = _OTHER_KINDS.get(puremagic.from_string(head), "")
        except puremagic.PureError:
            words = ""
    if words:
        raise ValidationError(
            f"Ce fichier est {words}, quel que soit son nom. Fichiers acceptés : {ACCEPTED_WORDS}."
        )


def _is_text(upload: Any) -> bool:
    """Tell whether the file is text, in UTF-8 or Windows-1252: no control character in it."""
    for chunk in _chunks(upload):
        if any(byte < 32 and byte not in (9, 10, 12, 13) for byte in set(chunk)):
            upload.seek(0)
            return False
    return True


def _refuse_other_name(name: str, extension: str) -> None:
    given = PurePath(name or "").suffix.lower().lstrip(".")
    given = _SAME.get(given, given)
    if given == extension or (given in {"", "txt", "csv"} and extension in {"txt", "csv"}):
        return
    if not given:
        return
    raise ValidationError(
        f"Le nom de ce fichier finit par « .{given[:12]} », mais son contenu est du type "
        f"« {extension.upper()} ». Renommez-le en « .{extension} » si c’est bien celui que vous vouliez."
    )


# --- Office files -----------------------------------------------------------------------------
def _office_kind(upload: Any) -> str:
    try:
        with zipfile.ZipFile(upload) as archive:
            entries = archive.infolist()
            _refuse_bomb(entries)
            _refuse_macros(entries)
            if any(entry.flag_bits & 1 for entry in entries):
                raise ValidationError(_PROTECTED)
            kind = _kind_in(archive, [entry.filename for entry in entries])
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        KeyError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise ValidationError(_DAMAGED) from error
    finally:
        upload.seek(0)
    if not kind:
        raise ValidationError(
            "Ce fichier est une archive ZIP. Sortez-en les pièces et déposez-les une à une : chacune "
            "aura son intitulé et ses engagements."
        )
    return kind


def _kind_in(archive: zipfile.ZipFile, names: list[str]) -> str:
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        declared = archive.read("mimetype").decode("ascii", "replace").strip()
        if declared in _OPEN_DOCUMENTS:
            if any(
                b"encryption-data" in archive.read(n) for n in names if n == "META-INF/manifest.xml"
            ):
                raise ValidationError(_PROTECTED)
            return _OPEN_DOCUMENTS[declared]
    if "[Content_Types].xml" in names:
        for start, kind in _OFFICE_PARTS.items():
            if any(name.startswith(start) for name in names):
                return kind
    return ""


def _refuse_bomb(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if (
        len(entries) > MAX_ENTRIES
        or unpacked > MAX_UNPACKED_BYTES
        or (unpacked > 10 * 1024 * 1024 and unpacked / packed > MAX_RATIO)
    ):
        raise ValidationError(
            "Ce fichier est démesuré une fois décompressé : il n’a pas été ouvert. Enregistrez-le à "
            "nouveau depuis votre logiciel, ou exportez-le en PDF."
        )


def _refuse_macros(entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename.lower() for entry in entries}
    if any(name.endswith("vbaproject.bin") or name.startswith("basic/") for name in names):
        raise ValidationError(
            "Ce fichier porte des macros. Enregistrez-le sans macros (DOCX, XLSX, ODT, ODS) ou en PDF."
        )


_PROTECTED = (
    "Ce fichier est protégé par un mot de passe : un auditeur ne pourrait pas l’ouvrir. Déposez une "
    "copie sans mot de passe."
)
_DAMAGED = (
    "Ce fichier est endommagé ou incomplet. Ouvrez-le dans votre logiciel, enregistrez-le de nouveau, "
    "puis choisissez ce nouveau fichier."
)


# --- PDF and images ---------------------------------------------------------------------------
def _pdf_pages(upload: Any) -> int:
    try:
        with pikepdf.open(upload) as document:
            pages = len(document.pages)
    except pikepdf.PasswordError as error:
        raise ValidationError(_PROTECTED) from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise ValidationError(_DAMAGED) from error
    finally:
        upload.seek(0)
    if not pages:
        raise ValidationError("Ce PDF n’a aucune page. Exportez-le de nouveau, puis déposez-le.")
    return pages


def _cleaned_image(upload: Any, extension: str) -> IO[bytes]:
    """Return the picture upright, without what the camera wrote in it (place, author, device)."""
    upload.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(upload, formats=["JPEG", "PNG"]) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise ValidationError(_HUGE_IMAGE)
                upright = ImageOps.exif_transpose(image)
                return _rewritten(upright, extension)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise ValidationError(_HUGE_IMAGE) from error
        except (OSError, SyntaxError, ValueError) as error:
            raise ValidationError(_DAMAGED) from error


_HUGE_IMAGE = (
    "Cette image a trop de points (plus de 80 millions). Réduisez-la, puis déposez la version "
    "réduite."
)


def _rewritten(image: Image.Image, extension: str) -> IO[bytes]:
    kept = io.BytesIO()
    # Written from its points alone: neither EXIF, nor comments, nor thumbnails follow.
    bare = Image.new(image.mode, image.size)
    if image.mode == "P":
        bare.putpalette(image.getpalette() or [])
    bare.paste(image)
    if extension == "jpg":
        (bare if bare.mode in {"RGB", "L", "CMYK"} else bare.convert("RGB")).save(
            kept, "JPEG", quality=90, optimize=True
        )
    else:
        bare.save(kept, "PNG", optimize=True)
    kept.seek(0)
    return kept
