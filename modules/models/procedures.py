"""Procedure sheets (fiches de procédure): written or uploaded, versioned, approved, read."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from accounts.access import Scope, ScopedQuerySet
from accounts.enums import Role
from accounts.models import Prefecture, Service, User
from common.models import Removable, Revised
from modules import limits
from modules.enums import ProcedureState
from modules.models.cycles import plausible_day
from modules.models.files import StoredFile
from modules.models.referentials import Commitment
from modules.models.scoping import kept


class ProcedureQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "ScopedQuerySet":
        """Sheets of the préfecture; an auditor reads those that were approved."""
        visible = super().visible_to(scope)
        if scope.role == Role.AUDITOR:
            opened = visible.filter(kept(), prefecture__label_cycles__auditors__user=scope.user)
            return opened.filter(approved__isnull=False).distinct()
        return visible

    def kept(self) -> "ProcedureQuerySet":
        """Sheets that were not taken off the pages."""
        return self.filter(kept())


class Procedure(Removable, Revised):
    """A procedure sheet. ``approved`` is the version in force; ``services`` must have read it."""

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="procedures")
    reference = models.CharField("référence", max_length=limits.CODE)
    title = models.CharField("intitulé", max_length=limits.TITLE)
    owner = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="procedures",
        verbose_name="responsable",
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="procedures"
    )
    services = models.ManyToManyField(
        Service, blank=True, related_name="procedures_to_read", verbose_name="services concernés"
    )
    commitments = models.ManyToManyField(Commitment, blank=True, related_name="procedures")
    review_on = models.DateField("à revoir le", null=True, blank=True, validators=[plausible_day])
    approved = models.ForeignKey(
        "ProcedureVersion",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    history = HistoricalRecords()

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche de procédure"
        ordering = ("reference", "pk")
        indexes: ClassVar = [models.Index(fields=("prefecture", "review_on"))]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("prefecture", "reference"),
                condition=Q(removed_at__isnull=True),
                name="procedure_unique_reference",
                violation_error_message="Une fiche porte déjà cette référence.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} – {self.title}"


class ProcedureVersion(Revised):
    """One version: a text (Markdown) or a file. Once approved or replaced, it never changes."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    state = models.CharField(
        "état", max_length=9, choices=ProcedureState.choices, default=ProcedureState.DRAFT
    )
    text = models.TextField("texte", blank=True, max_length=60_000)
    stored = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="procedure_versions"
    )
    change_note = models.CharField("ce qui change", max_length=300, blank=True)
    sent_back_reason = models.CharField("motif du renvoi", max_length=300, blank=True)
    written_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    written_at = models.DateTimeField("écrite le", auto_now_add=True)
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    approved_at = models.DateTimeField("approuvée le", null=True, blank=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "version d’une fiche"
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("procedure", "number"), name="procedure_version_number"
            ),
            models.UniqueConstraint(
                fields=("procedure",),
                condition=Q(state__in=(ProcedureState.DRAFT, ProcedureState.SUBMITTED)),
                name="procedure_one_open_version",
                violation_error_message="Une version de cette fiche est déjà en cours.",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"

    @property
    def current_state(self) -> ProcedureState:
        """The state as an enum, for its badge."""
        return ProcedureState(self.state)


class ProcedureReading(models.Model):
    """Somebody of a service says that they have read a version and apply it."""

    version = models.ForeignKey(ProcedureVersion, models.CASCADE, related_name="readings")
    service = models.ForeignKey(Service, models.PROTECT, related_name="procedure_readings")
    user = models.ForeignKey(User, models.PROTECT, related_name="procedure_readings")
    read_at = models.DateTimeField("lue le", auto_now_add=True)

    class Meta:
        verbose_name = "lecture d’une fiche"
        ordering = ("service__name", "read_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("version", "service", "user"), name="reading_once")
        ]

    def __str__(self) -> str:
        return f"{self.service}, {self.read_at:%d/%m/%Y}"
