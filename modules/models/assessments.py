"""Auto-diagnostic: a campaign, one sheet per service, one row per commitment."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from simple_history.models import HistoricalRecords

from accounts.access import Scope, ScopedQuerySet
from accounts.enums import Role
from accounts.models import Service, User
from common.models import Revised
from modules import limits
from modules.enums import AssessmentResult, AssessmentState, SheetState
from modules.models.cycles import CycleModule, LabelCycle, plausible_day
from modules.models.referentials import Commitment
from modules.models.scoping import OfCycleQuerySet


class SelfAssessment(Revised):
    """A campaign: on a day, every service concerned says where it stands on each commitment."""

    cycle = models.ForeignKey(LabelCycle, models.CASCADE, related_name="assessments")
    name = models.CharField("nom", max_length=120)
    opened_on = models.DateField("ouvert le", validators=[plausible_day])
    due_on = models.DateField("à rendre pour le", validators=[plausible_day])
    closed_on = models.DateField("clos le", null=True, blank=True, validators=[plausible_day])
    state = models.CharField(
        "état", max_length=8, choices=AssessmentState.choices, default=AssessmentState.OPEN
    )
    note = models.TextField("consignes", blank=True, max_length=limits.LONG_TEXT)
    history = HistoricalRecords()

    objects = OfCycleQuerySet.as_manager()

    class Meta:
        verbose_name = "auto-diagnostic"
        ordering = ("-opened_on", "-pk")
        indexes: ClassVar = [models.Index(fields=("cycle", "-opened_on"))]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("cycle", "name"),
                name="assessment_unique_name",
                violation_error_message="Un auto-diagnostic de la démarche porte déjà ce nom.",
            ),
            models.UniqueConstraint(
                fields=("cycle",),
                condition=Q(state=AssessmentState.OPEN),
                name="assessment_one_open",
                violation_error_message="Un auto-diagnostic est déjà ouvert : closez-le d’abord.",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opened_on")),
                name="assessment_due_after_opening",
                violation_error_message="La date limite précède l’ouverture.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def current_state(self) -> AssessmentState:
        """The state as an enum, for its badge."""
        return AssessmentState(self.state)

    @property
    def is_open(self) -> bool:
        return self.state == AssessmentState.OPEN


class SheetQuerySet(OfCycleQuerySet):
    cycle_path = "assessment__cycle"

    def visible_to(self, scope: Scope) -> "ScopedQuerySet":
        """Sheets of the préfecture; an auditor reads the accepted ones of their démarche."""
        visible = super().visible_to(scope)
        if scope.role == Role.AUDITOR:
            return visible.filter(state=SheetState.ACCEPTED)
        return visible


class AssessmentSheet(Revised):
    """What one service answers: filled, handed in, accepted or sent back with a reason."""

    assessment = models.ForeignKey(SelfAssessment, models.CASCADE, related_name="sheets")
    service = models.ForeignKey(Service, models.PROTECT, related_name="assessment_sheets")
    due_on = models.DateField("à rendre pour le", validators=[plausible_day])
    state = models.CharField(
        "état", max_length=9, choices=SheetState.choices, default=SheetState.TO_FILL
    )
    submitted_at = models.DateTimeField("transmise le", null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    reviewed_at = models.DateTimeField("relue le", null=True, blank=True, editable=False)
    reviewed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    review_note = models.TextField("motif du renvoi", blank=True, max_length=limits.LONG_TEXT)
    reminded_at = models.DateTimeField("relancée le", null=True, blank=True, editable=False)
    history = HistoricalRecords()

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = "grille d’un service"
        ordering = ("service__name", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("assessment", "service"),
                name="sheet_once",
                violation_error_message="Ce service a déjà sa grille.",
            )
        ]
        indexes: ClassVar = [models.Index(fields=("state", "due_on"))]

    def __str__(self) -> str:
        return f"{self.assessment} – {self.service}"

    @property
    def current_state(self) -> SheetState:
        """The state as an enum, for its badge."""
        return SheetState(self.state)

    @property
    def is_fillable(self) -> bool:
        """Whether its service may still write in it."""
        return self.state in {SheetState.TO_FILL, SheetState.SENT_BACK}


def asked_rows(rows: str = "", sheet: str = "sheet__") -> Q:
    """Rows that count: those of the perimeter, and all those of a closed auto-diagnostic.

    The rows of a module that left the perimeter are kept aside for its return. ``rows`` leads to the
    rows, ``sheet`` to their sheet.
    """
    retained = CycleModule.objects.filter(
        cycle=OuterRef(f"{sheet}assessment__cycle"),
        module=OuterRef(f"{rows}commitment__heading__module"),
    )
    closed = {f"{sheet}assessment__state": AssessmentState.CLOSED}
    return Q(**closed) | Q(Exists(retained))


class RowQuerySet(models.QuerySet[Any]):
    def asked(self) -> "RowQuerySet":
        """Rows that count; those of a module that left the perimeter are kept aside."""
        return self.filter(asked_rows())


class AssessmentRow(Revised):
    """Where a service stands on a commitment. ``private_note`` is never shown to an auditor.

    ``maturity`` runs from 1 to 4 on the application's own scale (``enums.Maturity``).
    ``needs_review`` marks what was carried over from another référentiel and must be read again.
    """

    sheet = models.ForeignKey(AssessmentSheet, models.CASCADE, related_name="rows")
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="assessment_rows")
    result = models.CharField(
        "résultat",
        max_length=14,
        choices=AssessmentResult.choices,
        default=AssessmentResult.NOT_ASSESSED,
    )
    maturity = models.PositiveSmallIntegerField(
        "maturité",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
    )
    comment = models.TextField("commentaire", blank=True, max_length=limits.LONG_TEXT)
    private_note = models.TextField("remarque interne", blank=True, max_length=limits.LONG_TEXT)
    assessed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    assessed_at = models.DateTimeField("évalué le", null=True, blank=True, editable=False)
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    needs_review = models.BooleanField("à revoir", default=False, editable=False)
    history = HistoricalRecords()

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne d’auto-diagnostic"
        ordering = ("commitment__position", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("sheet", "commitment"), name="assessment_row_once"),
            models.CheckConstraint(
                condition=Q(maturity__isnull=True) | Q(maturity__range=(1, 4)),
                name="assessment_row_maturity",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("commitment", "result"))]

    def __str__(self) -> str:
        return f"{self.sheet} – {self.commitment.code}"

    @property
    def current_result(self) -> AssessmentResult:
        """The result as an enum, for its badge."""
        return AssessmentResult(self.result)
