"""Files handed in by people, checked before they are kept; never changed afterwards."""

from pathlib import PurePath
from typing import ClassVar
from uuid import uuid4

from django.db import models
from simple_history.models import HistoricalRecords

from accounts.access import ScopedQuerySet
from accounts.models import Prefecture, User


def stored_path(stored: "StoredFile", name: str) -> str:
    """Return where the file is kept: a name nobody can guess, the extension found in its content."""
    return f"pieces/{stored.prefecture.code}/{uuid4().hex}{PurePath(name).suffix.lower()}"


def preview_path(stored: "StoredFile", name: str) -> str:
    """Return where the picture of its first page is kept."""
    return f"apercus/{stored.prefecture.code}/{uuid4().hex}{PurePath(name).suffix.lower()}"


class StoredFile(models.Model):
    """One file, as it was checked: type read from its content, SHA-256, pages when it has some.

    ``name`` is the uniform name under which it is downloaded; ``original_name`` the one it came with.
    ``preview`` is a picture of its first page; empty when none can be drawn.
    """

    prefecture = models.ForeignKey(Prefecture, models.PROTECT, related_name="stored_files")
    file = models.FileField("fichier", upload_to=stored_path, max_length=300)
    original_name = models.CharField("nom d’origine", max_length=255)
    name = models.CharField("nom", max_length=200)
    content_type = models.CharField("type", max_length=100)
    size = models.PositiveBigIntegerField("taille en octets")
    sha256 = models.CharField("empreinte SHA-256", max_length=64, db_index=True)
    page_count = models.PositiveIntegerField("pages", null=True, blank=True)
    preview = models.FileField("aperçu", upload_to=preview_path, max_length=300, blank=True)
    stored_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    stored_at = models.DateTimeField("déposé le", auto_now_add=True)
    history = HistoricalRecords()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier"
        ordering = ("-stored_at", "-pk")
        indexes: ClassVar = [models.Index(fields=("prefecture", "-stored_at"))]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_pdf(self) -> bool:
        return self.content_type == "application/pdf"
