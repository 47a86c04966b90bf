"""Corrections of what is « à confirmer »: what the rows said, on which source."""

from typing import ClassVar

from django.db import models

from accounts.models import User
from modules import limits
from modules.models.referentials import Heading, Module


class Correction(models.Model):
    """One correction: what the row said, what it says, on which source. Never changed.

    The row it corrects is ``related_name="revisions"``.
    """

    made_at = models.DateTimeField("corrigé le", auto_now_add=True)
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="corrigé par"
    )
    source = models.TextField("source", max_length=limits.LONG_TEXT)
    before = models.JSONField("avant")
    after = models.JSONField("après")

    class Meta:
        abstract = True
        ordering = ("-made_at", "-pk")


class ModuleRevision(Correction):
    """A correction of the number or of the title of a module."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="revisions")

    class Meta(Correction.Meta):
        verbose_name = "correction d’un module"
        indexes: ClassVar = [models.Index(fields=("module", "-made_at"))]

    def __str__(self) -> str:
        return f"{self.module}, {self.made_at:%d/%m/%Y}"


class HeadingRevision(Correction):
    """A correction of the title of a rubrique."""

    heading = models.ForeignKey(Heading, models.CASCADE, related_name="revisions")

    class Meta(Correction.Meta):
        verbose_name = "correction d’une rubrique"
        indexes: ClassVar = [models.Index(fields=("heading", "-made_at"))]

    def __str__(self) -> str:
        return f"{self.heading}, {self.made_at:%d/%m/%Y}"
