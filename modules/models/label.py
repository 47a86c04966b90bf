"""Around a démarche: the documents that bear out its acts, its auditors, a change of référentiel."""

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from accounts.models import User
from common.models import Removable
from modules.enums import CycleDocumentKind
from modules.models.cycles import LabelCycle
from modules.models.files import StoredFile
from modules.models.scoping import OfCycleQuerySet


class CycleDocument(Removable):
    """A signed letter, an attestation: a stored file that bears out an act of the démarche."""

    cycle = models.ForeignKey(LabelCycle, models.CASCADE, related_name="documents")
    kind = models.CharField("nature", max_length=10, choices=CycleDocumentKind.choices)
    title = models.CharField("intitulé", max_length=200)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="cycle_documents")
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField("ajouté le", auto_now_add=True)
    history = HistoricalRecords()

    objects = OfCycleQuerySet.as_manager()

    class Meta:
        verbose_name = "document de la démarche"
        ordering = ("kind", "added_at", "pk")

    def __str__(self) -> str:
        return self.title


class CycleAuditor(models.Model):
    """Opens a démarche to an auditor; their role still ends at its own date."""

    cycle = models.ForeignKey(LabelCycle, models.CASCADE, related_name="auditors")
    user = models.ForeignKey(User, models.CASCADE, related_name="audited_cycles")
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField("ouverte le", auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "auditeur de la démarche"
        ordering = ("user__last_name", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("cycle", "user"),
                name="cycle_auditor_once",
                violation_error_message="La démarche est déjà ouverte à cette personne.",
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class AdoptionQuerySet(OfCycleQuerySet):
    cycle_path = "old_cycle"


class Adoption(models.Model):
    """A change of référentiel: what was carried over from one démarche to the next.

    ``summary`` is what the page showed when it was done (``services.adoption``). Undone, ``new_cycle``
    is gone and the row stays, for the record.
    """

    old_cycle = models.ForeignKey(LabelCycle, models.CASCADE, related_name="adoptions")
    new_cycle = models.OneToOneField(
        LabelCycle, models.SET_NULL, null=True, blank=True, related_name="adopted_by"
    )
    summary = models.JSONField("bilan")
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField("faite le", auto_now_add=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField("annulée le", null=True, blank=True)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = "reprise d’une démarche"
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return f"Reprise de {self.old_cycle}"
