"""What the COPIL validated, and what files brought."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from accounts.access import ScopedQuerySet
from accounts.models import Prefecture, User
from action_plans import limits
from action_plans.enums import ImportState
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a new version; ``ValidationError`` on one that is already validated."""
        if not self._state.adding:
            raise ValidationError("Une version validée ne change plus. Arrêtez-en une nouvelle.")
        super().save(*args, **kwargs)


class ActionImport(models.Model):
    """A table handed in: read, looked at, applied, perhaps undone.

    ``content`` is the file until it is applied or given up; ``outcome`` what it would change (or
    changed), as ``exchange.outcome.Outcome.as_dict``; ``changes`` what the undo puts back, one entry
    for each row written. ``message`` says in French why it could not be read or applied.
    """

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="action_imports")
    file_name = models.CharField("fichier", max_length=255)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(
        "état", max_length=10, choices=ImportState.choices, default=ImportState.READING
    )
    content = models.BinaryField(null=True, editable=False)
    outcome = models.JSONField(default=dict, editable=False)
    message = models.CharField(max_length=600, blank=True, editable=False)
    changes = models.JSONField(default=list, editable=False)
    requested_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "import d’actions"
        ordering = ("-requested_at", "-pk")
        indexes: ClassVar = [models.Index(fields=("prefecture", "-requested_at"))]

    def __str__(self) -> str:
        return self.file_name

    @property
    def current_state(self) -> ImportState:
        """The state as an enum, for its badge."""
        return ImportState(self.state)
