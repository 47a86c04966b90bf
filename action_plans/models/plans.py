"""What the COPIL validated, and what files brought."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from accounts.access import ScopedQuerySet
from accounts.models import Prefecture, User
from action_plans import limits
from modules.models import plausible_day


class PlanVersion(models.Model):
    """The plan of a year as the steering committee validated it: frozen, never changed."""

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="plan_versions")
    year = models.PositiveSmallIntegerField(
        "année", validators=[MinValueValidator(2000), MaxValueValidator(2099)]
    )
    number = models.PositiveSmallIntegerField("version", editable=False)
    validated_on = models.DateField("validé le", validators=[plausible_day])
    validated_by_name = models.CharField(
        "validé par",
        max_length=limits.NAME,
        help_text="Par exemple « Comité de pilotage du 3 février 2022 ».",
    )
    note = models.TextField("observations", blank=True, max_length=limits.LONG_TEXT)
    frozen = models.JSONField(editable=False)
    frozen_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    frozen_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords(excluded_fields=["frozen"])

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "version du plan d’actions"
        ordering = ("-year", "-number")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("prefecture", "year", "number"), name="plan_version_number"
            )
        ]

    def __str__(self) -> str:
        return f"Plan d’actions {self.year}, version {self.number}"


class ActionImport(models.Model):
    """A workbook applied to the plan: what it changed, so that it can be read and undone."""

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="action_imports")
    file_name = models.CharField("fichier", max_length=255)
    sha256 = models.CharField(max_length=64)
    changes = models.JSONField(editable=False)
    applied_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "import d’actions"
        ordering = ("-applied_at", "-pk")
        indexes: ClassVar = [models.Index(fields=("prefecture", "-applied_at"))]

    def __str__(self) -> str:
        return self.file_name
