"""How a stored file is sent; the view that calls it has asked whether it may be."""

from django.http import FileResponse

from modules.models import StoredFile


def serve(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """Send a stored file by pieces: to keep, or to be read in the browser (PDF and images only)."""
    shown = inline and (stored.is_pdf or stored.is_image)
    response = FileResponse(
        stored.file.open("rb"),
        as_attachment=not shown,
        filename=stored.name,
        content_type=stored.content_type,
    )
    return _private(response)


def serve_preview(stored: StoredFile) -> FileResponse:
    """Send the picture of its first page; the caller checks that there is one."""
    return _private(FileResponse(stored.preview.open("rb"), content_type="image/jpeg"))


def _private(response: FileResponse) -> FileResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
