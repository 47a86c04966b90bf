"""Evidence: what proves that a commitment is kept. One piece serves many commitments."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accounts.access import Scope, ScopedQuerySet
from accounts.enums import Role
from accounts.models import Prefecture, Service, User
from common.models import Removable, Revised
from modules import limits
from modules.enums import EvidenceKind, EvidenceState, Sensitivity
from modules.models.cycles import LabelCycle, plausible_day
from modules.models.files import StoredFile
from modules.models.referentials import Commitment
from modules.models.scoping import OfCycleQuerySet, kept


# Days before its expiry from which a piece is « bientôt périmée ».
EXPIRES_SOON_DAYS = 60


class EvidenceQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "ScopedQuerySet":
        """Pieces of the préfecture; for an auditor, those of their démarche that may leave it."""
        visible = super().visible_to(scope)
        if scope.role == Role.AUDITOR:
            return (
                visible.filter(kept(), links__cycle__auditors__user=scope.user)
                .exclude(sensitivity=Sensitivity.RESTRICTED)
                .distinct()
            )
        return visible

    def kept(self) -> "EvidenceQuerySet":
        """Pieces that were not taken off the pages."""
        return self.filter(kept())


class Evidence(Removable, Revised):
    """A piece: a file or a link, whose successive versions are kept.

    ``service`` is the one that answers for it (none: the whole préfecture). ``current`` is the newest
    version, repeated here so that lists need no other query.
    """

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="evidence")
    title = models.CharField("intitulé", max_length=limits.TITLE)
    kind = models.CharField("nature", max_length=14, choices=EvidenceKind.choices)
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    dated_on = models.DateField("date de la pièce", validators=[plausible_day])
    expires_on = models.DateField(
        "valable jusqu’au", null=True, blank=True, validators=[plausible_day]
    )
    sensitivity = models.CharField(
        "diffusion", max_length=10, choices=Sensitivity.choices, default=Sensitivity.AUDIT
    )
    description = models.TextField("ce qu’elle montre", blank=True, max_length=limits.LONG_TEXT)
    current = models.ForeignKey(
        "EvidenceVersion",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    added_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    added_at = models.DateTimeField("ajoutée le", auto_now_add=True)
    history = HistoricalRecords()

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce"
        ordering = ("title", "pk")
        indexes: ClassVar = [
            models.Index(fields=("prefecture", "title")),
            models.Index(fields=("prefecture", "expires_on")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("dated_on")),
                name="evidence_expires_after_date",
                violation_error_message="La fin de validité précède la date de la pièce.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def state_on(self, day: date) -> EvidenceState:
        """Tell whether the piece still proves something on that day."""
        if self.expires_on is None or self.expires_on > day + timedelta(days=EXPIRES_SOON_DAYS):
            return EvidenceState.VALID
        return EvidenceState.SOON if self.expires_on >= day else EvidenceState.EXPIRED


class EvidenceVersion(models.Model):
    """One version of a piece: a stored file, or an address. Never changed."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    stored = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="evidence_versions"
    )
    url = models.URLField("adresse", max_length=500, blank=True)
    note = models.CharField("ce qui change", max_length=300, blank=True)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField("ajoutée le", auto_now_add=True)

    class Meta:
        verbose_name = "version d’une pièce"
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("evidence", "number"), name="evidence_version_number"),
            models.CheckConstraint(
                condition=(Q(stored__isnull=False) & Q(url=""))
                | (Q(stored__isnull=True) & ~Q(url="")),
                name="evidence_version_file_or_link",
                violation_error_message="Une pièce est un fichier ou une adresse, pas les deux.",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class EvidenceLink(models.Model):
    """A piece attached to a commitment of a démarche, for one service or for all of them (none)."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="links")
    cycle = models.ForeignKey(LabelCycle, models.CASCADE, related_name="evidence_links")
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="evidence_links")
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="evidence_links"
    )
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    linked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    linked_at = models.DateTimeField("jointe le", auto_now_add=True)
    history = HistoricalRecords()

    objects = OfCycleQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce jointe à un engagement"
        ordering = ("commitment__position", "evidence__title", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("evidence", "cycle", "commitment", "service"),
                name="evidence_link_once",
                violation_error_message="Cette pièce est déjà jointe à cet engagement.",
            ),
            # A constraint of its own: NULL services are all different for the one above.
            models.UniqueConstraint(
                fields=("evidence", "cycle", "commitment"),
                condition=Q(service__isnull=True),
                name="evidence_link_once_for_all",
                violation_error_message="Cette pièce est déjà jointe à cet engagement.",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("cycle", "commitment"))]

    def __str__(self) -> str:
        return f"{self.evidence} → {self.commitment.code}"
