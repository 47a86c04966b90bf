"""The référentiels: modules, rubriques, commitments, and what became of them from one to the next."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from accounts.access import Permission, Scope
from accounts.models import User
from common.models import Revised
from modules import limits
from modules.enums import Certainty, ChangeKind


class ReferentialQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> "ReferentialQuerySet":
        """Référentiels belong to nobody: who may read one may read all."""
        return self.all() if scope.may(Permission.REFERENTIAL_READ) else self.none()


class Referential(models.Model):
    """A dated book of commitments, loaded from its file; never typed on a page."""

    slug = models.SlugField("adresse courte", max_length=limits.SLUG, unique=True)
    name = models.CharField("nom", max_length=limits.NAME)
    publisher = models.CharField("auteur", max_length=limits.PUBLISHER)
    published_on = models.DateField("publié le")
    published_certainty = models.CharField(
        "certitude de la date", max_length=10, choices=Certainty.choices, default=Certainty.SOURCED
    )
    updated_on = models.DateField("mis à jour le", null=True, blank=True)
    pages = models.PositiveSmallIntegerField(
        "pages", null=True, blank=True, validators=[MaxValueValidator(limits.MAX_PAGES)]
    )
    source = models.TextField("source")
    certainty = models.CharField("certitude", max_length=10, choices=Certainty.choices)
    notes = models.TextField("notes", blank=True)
    predecessor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name="référentiel précédent",
    )
    mapping_note = models.TextField("note sur les correspondances", blank=True)
    history = HistoricalRecords()

    objects = ReferentialQuerySet.as_manager()

    class Meta:
        verbose_name = "référentiel"
        ordering = ("-published_on",)

    def __str__(self) -> str:
        return self.name

    @property
    def published_state(self) -> Certainty:
        """Certainty of the date of publication as an enum, for its badge."""
        return Certainty(self.published_certainty)


class Module(Revised):
    """A numbered part of a référentiel, compulsory or left to choice."""

    referential = models.ForeignKey(Referential, models.CASCADE, related_name="modules")
    number = models.PositiveSmallIntegerField(
        "numéro", validators=[MinValueValidator(1), MaxValueValidator(limits.MAX_NUMBER)]
    )
    title = models.CharField("titre", max_length=limits.TITLE)
    is_compulsory = models.BooleanField("obligatoire", default=False)
    scope_note = models.TextField("champ", blank=True)
    number_certainty = models.CharField(
        "certitude du numéro", max_length=10, choices=Certainty.choices
    )
    title_certainty = models.CharField(
        "certitude du titre", max_length=10, choices=Certainty.choices
    )
    source = models.TextField("source")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "module"
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("referential", "number"),
                name="module_unique_number",
                violation_error_message="Le référentiel a déjà un module de ce numéro.",
            )
        ]

    def __str__(self) -> str:
        return f"Module n° {self.number} – {self.title}"

    @property
    def number_state(self) -> Certainty:
        """Certainty of the number as an enum, for its badge."""
        return Certainty(self.number_certainty)

    @property
    def title_state(self) -> Certainty:
        """Certainty of the title as an enum, for its badge."""
        return Certainty(self.title_certainty)

    @property
    def is_correctable(self) -> bool:
        """Whether its number or its title is marked « à confirmer »."""
        return self.is_number_open or self.is_title_open

    @property
    def is_number_open(self) -> bool:
        """Whether its number may still be corrected."""
        return self.number_certainty == Certainty.TO_CONFIRM

    @property
    def is_title_open(self) -> bool:
        """Whether its title may still be corrected."""
        return self.title_certainty == Certainty.TO_CONFIRM

    @property
    def certainty(self) -> Certainty:
        """The lesser of its two certainties: what a badge beside the whole row must say."""
        both = {self.number_certainty, self.title_certainty}
        return Certainty.TO_CONFIRM if Certainty.TO_CONFIRM in both else Certainty.SOURCED


class Heading(Revised):
    """A rubrique of a module; its code is local, never an official number."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="headings")
    code = models.CharField("code", max_length=limits.CODE)
    title = models.CharField("titre", max_length=limits.TITLE)
    position = models.PositiveSmallIntegerField("rang")
    certainty = models.CharField("certitude", max_length=10, choices=Certainty.choices)
    source = models.TextField("source")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "rubrique"
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("module", "code"), name="heading_unique_code")
        ]
        indexes: ClassVar = [models.Index(fields=("module", "position"))]

    def __str__(self) -> str:
        return self.title

    @property
    def certainty_state(self) -> Certainty:
        """Certainty as an enum, for its badge."""
        return Certainty(self.certainty)

    @property
    def is_correctable(self) -> bool:
        """Whether its title may still be corrected."""
        return self.certainty == Certainty.TO_CONFIRM


class Commitment(Revised):
    """What a référentiel asks. A row with a source never changes; one « à confirmer » is corrected.

    ``referential`` repeats the one of the module, so that the code can be unique in it.
    ``evidence_certainty`` speaks of the expected evidence and of the audit; blank without them.
    """

    referential = models.ForeignKey(Referential, models.CASCADE, related_name="commitments")
    heading = models.ForeignKey(Heading, models.CASCADE, related_name="commitments")
    code = models.CharField("code", max_length=limits.CODE)
    position = models.PositiveSmallIntegerField("rang")
    wording = models.TextField("énoncé", max_length=limits.LONG_TEXT)
    certainty = models.CharField("certitude de l’énoncé", max_length=10, choices=Certainty.choices)
    evidence = models.TextField("preuves attendues", blank=True, max_length=limits.LONG_TEXT)
    audit = models.TextField("manière d’auditer", blank=True, max_length=limits.LONG_TEXT)
    evidence_certainty = models.CharField(
        "certitude des preuves", max_length=10, choices=Certainty.choices, blank=True
    )
    indicators = models.JSONField("indicateurs nationaux", default=list, blank=True)
    source = models.TextField("source", max_length=limits.LONG_TEXT)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "engagement"
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("referential", "code"), name="commitment_unique_code"),
            models.CheckConstraint(
                condition=(Q(evidence="", audit="") & Q(evidence_certainty=""))
                | (~Q(evidence="", audit="") & ~Q(evidence_certainty="")),
                name="commitment_evidence_has_certainty",
                violation_error_message="Dites si les preuves et l’audit sont sourcés ou à confirmer.",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("referential", "position"))]

    def __str__(self) -> str:
        return f"{self.code} – {self.wording}"

    @property
    def certainty_state(self) -> Certainty:
        """Certainty of the wording as an enum, for its badge."""
        return Certainty(self.certainty)

    @property
    def evidence_state(self) -> Certainty | None:
        """Certainty of the evidence and of the audit; ``None`` when neither is written."""
        return Certainty(self.evidence_certainty) if self.evidence_certainty else None

    @property
    def is_wording_open(self) -> bool:
        """Whether its wording may still be corrected."""
        return self.certainty == Certainty.TO_CONFIRM

    @property
    def is_evidence_open(self) -> bool:
        """Whether its evidence and audit may still be corrected or written."""
        return self.evidence_certainty != Certainty.SOURCED

    @property
    def is_correctable(self) -> bool:
        """Whether something on the row is marked « à confirmer »."""
        return Certainty.TO_CONFIRM in {self.certainty, self.evidence_certainty}


class CommitmentRevision(models.Model):
    """One correction of a commitment: what it said, what it says, on which source. Never changed."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="revisions")
    made_at = models.DateTimeField("corrigé le", auto_now_add=True)
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="corrigé par"
    )
    source = models.TextField("source", max_length=limits.LONG_TEXT)
    before = models.JSONField("avant")
    after = models.JSONField("après")

    class Meta:
        verbose_name = "correction d’un engagement"
        ordering = ("-made_at", "-pk")
        indexes: ClassVar = [models.Index(fields=("commitment", "-made_at"))]

    def __str__(self) -> str:
        return f"{self.commitment.code}, {self.made_at:%d/%m/%Y}"


class _Mapping(models.Model):
    """From a row of the previous référentiel to one of this one; several rows merge or split.

    ``position`` is shared by the rows of one entry of the file.
    """

    kind = models.CharField("changement", max_length=10, choices=ChangeKind.choices)
    position = models.PositiveSmallIntegerField("rang")
    note = models.TextField("note", blank=True)
    certainty = models.CharField("certitude", max_length=10, choices=Certainty.choices)
    source = models.TextField("source")

    class Meta:
        abstract = True
        ordering = ("position", "pk")


def _sides(prefix: str) -> list[models.BaseConstraint]:
    """« Added » comes from nothing, « removed » leads to nothing, all others join two rows."""
    added, removed = Q(kind=ChangeKind.ADDED), Q(kind=ChangeKind.REMOVED)
    return [
        models.CheckConstraint(
            condition=(added & Q(old__isnull=True, new__isnull=False))
            | (removed & Q(old__isnull=False, new__isnull=True))
            | (~added & ~removed & Q(old__isnull=False, new__isnull=False)),
            name=f"{prefix}_mapping_sides",
        ),
        models.UniqueConstraint(
            fields=("old", "new"),
            condition=Q(old__isnull=False, new__isnull=False),
            name=f"{prefix}_mapping_once",
        ),
        models.UniqueConstraint(
            fields=("new",), condition=Q(old__isnull=True), name=f"{prefix}_mapping_added_once"
        ),
        models.UniqueConstraint(
            fields=("referential", "old"),
            condition=Q(new__isnull=True),
            name=f"{prefix}_mapping_removed_once",
        ),
    ]


class ModuleMapping(_Mapping):
    """What became of a module."""

    referential = models.ForeignKey(Referential, models.CASCADE, related_name="module_mappings")
    old = models.ForeignKey(
        Module, models.PROTECT, null=True, blank=True, related_name="later_mappings"
    )
    new = models.ForeignKey(
        Module, models.CASCADE, null=True, blank=True, related_name="earlier_mappings"
    )
    history = HistoricalRecords()

    class Meta(_Mapping.Meta):
        verbose_name = "correspondance de modules"
        constraints: ClassVar = _sides("module")


class CommitmentMapping(_Mapping):
    """What became of a commitment."""

    referential = models.ForeignKey(Referential, models.CASCADE, related_name="commitment_mappings")
    old = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="later_mappings"
    )
    new = models.ForeignKey(
        Commitment, models.CASCADE, null=True, blank=True, related_name="earlier_mappings"
    )
    history = HistoricalRecords()

    class Meta(_Mapping.Meta):
        verbose_name = "correspondance d’engagements"
        constraints: ClassVar = _sides("commitment")
