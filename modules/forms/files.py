"""The field by which a file is handed in."""

from typing import Any

from django import forms
from django.conf import settings

from common.uploads import ACCEPTED_WORDS, TYPES, check_upload


class UploadField(forms.FileField):
    """A file checked as soon as it is received: what is refused is said beside the field."""

    def __init__(self, **kwargs: Any) -> None:
        megabytes = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
        kwargs.setdefault("label", "Fichier")
        kwargs.setdefault("help_text", f"{ACCEPTED_WORDS}. Taille maximale : {megabytes} Mo.")
        # Emptiness is told by ``check_upload``, in the same words as everywhere.
        super().__init__(allow_empty_file=True, max_length=255, **kwargs)
        self.error_messages["required"] = "Choisissez un fichier."
        self.error_messages["max_length"] = (
            "Le nom de ce fichier est trop long (255 signes au plus). Renommez-le."
        )
        self.widget.attrs["accept"] = ",".join(f".{extension}" for extension in TYPES)

    def clean(self, data: Any, initial: Any = None) -> Any:
        cleaned = super().clean(data, initial)
        if cleaned and cleaned is not initial:
            check_upload(cleaned, max_bytes=settings.MAX_UPLOAD_BYTES)
        return cleaned
