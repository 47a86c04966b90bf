"""The démarche of a préfecture: perimeter, choice, validation, audits."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accounts.models import Prefecture, Service, Site, User
from common.models import Removable, Revised
from common.people import with_function
from modules import limits
from modules.enums import CLOSED_STATES, AuditKind, CycleState
from modules.models.referentials import Module, Referential
from modules.models.scoping import CycleQuerySet


# Said by the table and, beside the field, by the form or the service.
CERTIFICATION_NEEDS_BODY = "Indiquez l’organisme qui mène l’audit de labellisation."
VALIDATION_FOLLOWS_CHOICE = (
    "La validation du ministère suit le choix du préfet : sa date ne peut pas le précéder."
)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


def plausible_day(value: date) -> None:
    """Refuse the dates that are slips of the finger (« 0022 » for « 2022 »)."""
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValidationError(
            f"La date {value:%d/%m}/{value.year} est hors de la période 2000-2099. "
            "Vérifiez l’année."
        )


class CycleModule(models.Model):
    """A module retained in the perimeter, with the services and sites that it concerns.

    The history of the démarche tells what came and went. No service: all of the préfecture's.

    It stands before ``LabelCycle`` because that history reads its columns.
    """

    cycle = models.ForeignKey("LabelCycle", models.CASCADE, related_name="cycle_modules")
    module = models.ForeignKey(Module, models.PROTECT, related_name="cycle_modules")
    position = models.PositiveSmallIntegerField("rang")
    services = models.ManyToManyField(
        Service, blank=True, related_name="cycle_modules", verbose_name="services concernés"
    )
    sites = models.ManyToManyField(
        Site, blank=True, related_name="cycle_modules", verbose_name="sites concernés"
    )

    class Meta:
        verbose_name = "module retenu"
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("cycle", "module"),
                name="cycle_module_once",
                violation_error_message="Ce module est déjà dans le périmètre.",
            )
        ]

    def __str__(self) -> str:
        return str(self.module)


class LabelCycle(Revised):
    """One démarche of a préfecture towards the label: référentiel, perimeter, choice, validation."""

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="label_cycles")
    referential = models.ForeignKey(
        Referential, models.PROTECT, related_name="cycles", verbose_name="référentiel"
    )
    name = models.CharField("nom", max_length=120)
    started_on = models.DateField("date d’engagement", validators=[plausible_day])
    state = models.CharField(
        "état", max_length=12, choices=CycleState.choices, default=CycleState.PREPARATION
    )
    context = models.TextField("raisons de la démarche", blank=True, max_length=limits.LONG_TEXT)
    modules = models.ManyToManyField(Module, through=CycleModule, related_name="cycles")

    chosen_on = models.DateField("date du choix", null=True, blank=True, validators=[plausible_day])
    chosen_by_name = models.CharField("nom de l’auteur du choix", max_length=160, blank=True)
    chosen_by_function = models.CharField(
        "fonction de l’auteur du choix", max_length=160, blank=True
    )
    choice_note = models.CharField("remarque sur le choix", max_length=300, blank=True)
    choice_recorded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    validated_on = models.DateField(
        "date de la validation", null=True, blank=True, validators=[plausible_day]
    )
    validated_by = models.CharField("validé par", max_length=200, blank=True)
    validation_note = models.CharField("remarque sur la validation", max_length=300, blank=True)
    validation_recorded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    labelled_on = models.DateField(
        "label accordé le", null=True, blank=True, validators=[plausible_day]
    )
    label_ends_on = models.DateField(
        "label valable jusqu’au", null=True, blank=True, validators=[plausible_day]
    )
    label_body = models.CharField("organisme qui décide", max_length=160, blank=True)
    ended_on = models.DateField("fin le", null=True, blank=True, validators=[plausible_day])
    end_reason = models.CharField("motif de la fin", max_length=300, blank=True)
    predecessor = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name="démarche précédente",
    )
    history = HistoricalRecords(m2m_fields=[modules])

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = "démarche"
        ordering = ("-started_on", "-pk")
        indexes: ClassVar = [models.Index(fields=("prefecture", "-started_on"))]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("prefecture", "name"),
                name="cycle_unique_name",
                violation_error_message="Une démarche de la préfecture porte déjà ce nom.",
            ),
            models.CheckConstraint(
                condition=Q(chosen_on__isnull=True, chosen_by_name="")
                | (Q(chosen_on__isnull=False) & ~Q(chosen_by_name="")),
                name="cycle_choice_complete",
                violation_error_message="Le choix des modules porte une date et un nom.",
            ),
            models.CheckConstraint(
                condition=Q(validated_on__isnull=True, validated_by="")
                | (Q(validated_on__isnull=False) & ~Q(validated_by="")),
                name="cycle_validation_complete",
                violation_error_message="La validation porte une date et le nom de qui valide.",
            ),
            models.CheckConstraint(
                condition=Q(validated_on__isnull=True)
                | Q(chosen_on__isnull=False, validated_on__gte=F("chosen_on")),
                name="cycle_validated_after_choice",
                violation_error_message=VALIDATION_FOLLOWS_CHOICE,
            ),
            models.CheckConstraint(
                condition=~Q(state=CycleState.LABELLED) | Q(validated_on__isnull=False),
                name="cycle_labelled_is_validated",
                violation_error_message="Une démarche n’est labellisée qu’après la validation de "
                "son périmètre par le ministère.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def current_state(self) -> CycleState:
        """The state as an enum, for badges."""
        return CycleState(self.state)

    @property
    def chosen_by(self) -> str:
        """« M. François PESNEAU, préfet de Loir-et-Cher »."""
        return with_function(self.chosen_by_name, self.chosen_by_function)

    @property
    def is_open(self) -> bool:
        """Whether its perimeter may still change."""
        return self.state == CycleState.PREPARATION

    @property
    def is_closed(self) -> bool:
        """Whether nothing is to be done in it any more."""
        return self.state in CLOSED_STATES


class PlannedAuditQuerySet(models.QuerySet[Any]):
    def kept(self) -> "PlannedAuditQuerySet":
        """Audits that were not taken off the page."""
        return self.filter(removed_at__isnull=True)


class PlannedAudit(Removable, Revised):
    """One of the audits of a démarche: when, by whom."""

    cycle = models.ForeignKey(LabelCycle, models.CASCADE, related_name="audits")
    kind = models.CharField("nature", max_length=14, choices=AuditKind.choices)
    on = models.DateField("date", validators=[plausible_day])
    body = models.CharField(
        "organisme ou auditeur",
        max_length=160,
        blank=True,
        help_text="Par exemple : SOCOTEC",
    )
    note = models.CharField(
        "remarque",
        max_length=300,
        blank=True,
        help_text="Par exemple : décide de la labellisation",
    )
    history = HistoricalRecords()

    objects = PlannedAuditQuerySet.as_manager()

    class Meta:
        verbose_name = "audit prévu"
        ordering = ("on", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("cycle", "kind", "on"),
                condition=Q(removed_at__isnull=True),
                name="audit_once_a_day",
                violation_error_message="Cet audit est déjà prévu ce jour-là.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=AuditKind.CERTIFICATION) | ~Q(body=""),
                name="audit_certification_has_body",
                violation_error_message=CERTIFICATION_NEEDS_BODY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.on:%d/%m/%Y}"
