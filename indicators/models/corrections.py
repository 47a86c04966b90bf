"""Corrections of the definitions « à confirmer »: what they said, and why they say something else."""

from typing import ClassVar

from django.db import models

from indicators.models.catalogue import Indicator
from modules.models import Correction, Referential


class IndicatorRevision(Correction):
    """A correction of a definition; ``source`` holds its reason, ``referential`` what was corrected.

    A later référentiel that amends the definition is not held by the corrections of an earlier one.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="revisions")
    referential = models.ForeignKey(Referential, models.CASCADE, related_name="+")

    class Meta(Correction.Meta):
        verbose_name = "correction d’une définition"
        indexes: ClassVar = [models.Index(fields=("indicator", "-made_at"))]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.made_at:%d/%m/%Y}"
