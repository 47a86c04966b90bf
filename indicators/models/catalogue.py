"""What is measured: definitions of the référentiel files, and what is aimed at."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accounts.access import Permission, Scope
from accounts.models import Prefecture
from common.models import Removable, Revised
from common.numbers import quantity
from indicators import limits
from indicators.enums import Aggregation, Direction, Level, Periodicity, TargetKind, Unit
from indicators.rules import DatedTarget, target_words
from modules.enums import Certainty
from modules.limits import CODE
from modules.models import Referential, plausible_day


# Where a definition is looked for.
SEARCHED = ("code", "label", "definition", "synonyms")


class IndicatorQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> "IndicatorQuerySet":
        """Definitions are part of the référentiels: who may read those may read all."""
        return self.all() if scope.may(Permission.REFERENTIAL_READ) else self.none()


class Indicator(Revised):
    """A definition, loaded from a référentiel file; its code keeps its meaning from one to the next.

    ``synonyms``: other names under which the figure is met in workbooks. ``decimals``: digits shown
    after the comma, in the unit shown.
    """

    code = models.CharField("code", max_length=CODE, unique=True)
    referential = models.ForeignKey(
        Referential, models.PROTECT, related_name="indicators", verbose_name="référentiel"
    )
    label = models.CharField("intitulé", max_length=limits.LABEL)
    definition = models.TextField("définition", blank=True, max_length=limits.LONG_TEXT)
    numerator_label = models.CharField("numérateur", max_length=limits.LABEL, blank=True)
    denominator_label = models.CharField("dénominateur", max_length=limits.LABEL, blank=True)
    unit = models.CharField("unité", max_length=12, choices=Unit.choices)
    direction = models.CharField("sens", max_length=4, choices=Direction.choices)
    periodicity = models.CharField("périodicité", max_length=7, choices=Periodicity.choices)
    level = models.CharField("niveau", max_length=10, choices=Level.choices)
    aggregation = models.CharField("agrégation", max_length=5, choices=Aggregation.choices)
    counting_rule = models.TextField("règle de comptage", blank=True, max_length=limits.LONG_TEXT)
    source_system = models.CharField("outil d’origine", max_length=limits.LABEL, blank=True)
    decimals = models.PositiveSmallIntegerField("décimales", default=0)
    synonyms = models.JSONField("autres noms", default=list, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)
    source = models.TextField("source", max_length=limits.LONG_TEXT)
    certainty = models.CharField("certitude", max_length=10, choices=Certainty.choices)
    history = HistoricalRecords()

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "indicateur"
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.label

    @property
    def certainty_state(self) -> Certainty:
        """Certainty as an enum, for its badge."""
        return Certainty(self.certainty)

    @property
    def is_open(self) -> bool:
        """Whether it may be corrected; of one that is sourced, only the other names may."""
        return self.certainty == Certainty.TO_CONFIRM

    @property
    def current_unit(self) -> Unit:
        return Unit(self.unit)

    @property
    def is_rate(self) -> bool:
        """Whether its values are rates from 0 to 1."""
        return self.unit == Unit.PERCENT


class TargetQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> "TargetQuerySet":
        """National rows, and those of the scope's préfecture."""
        if scope.sees_all_prefectures:
            return self
        return self.filter(Q(prefecture__isnull=True) | Q(prefecture=scope.prefecture_id))


class Target(Removable, Revised):
    """A dated value to reach, or below which to worry; national without a préfecture.

    ``value`` is in the unit of the indicator, a rate from 0 to 1. ``is_strict``: a target that the
    value itself does not reach, « moins de 10 % ». Both ends of the dates are included.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    prefecture = models.ForeignKey(
        Prefecture, models.CASCADE, null=True, blank=True, related_name="indicator_targets"
    )
    kind = models.CharField("nature", max_length=6, choices=TargetKind.choices)
    value = models.DecimalField("valeur", max_digits=limits.DIGITS, decimal_places=limits.DECIMALS)
    is_strict = models.BooleanField("valeur exclue", default=False)
    starts_on = models.DateField("à compter du", validators=[plausible_day])
    ends_on = models.DateField("jusqu’au", null=True, blank=True, validators=[plausible_day])
    source = models.TextField("source", max_length=limits.LONG_TEXT)
    certainty = models.CharField(
        "certitude", max_length=10, choices=Certainty.choices, default=Certainty.TO_CONFIRM
    )
    history = HistoricalRecords()

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = "cible"
        ordering = ("indicator", "kind", "-starts_on", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="target_ends_after_start",
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                condition=Q(is_strict=False) | Q(kind=TargetKind.TARGET),
                name="target_alert_not_strict",
                violation_error_message="Un seuil d’alerte comprend toujours sa valeur.",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("prefecture", "indicator", "kind"))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.indicator}"

    def holds_on(self, day: date) -> bool:
        """Whether the value is in force on that day."""
        return self.dated.holds_on(day)

    @property
    def dated(self) -> DatedTarget:
        """The row as the rules read it."""
        return DatedTarget(
            self.kind,
            self.value,
            self.starts_on,
            self.ends_on,
            is_local=self.prefecture_id is not None,
            is_strict=self.is_strict,
        )

    @property
    def words(self) -> str:
        """« moins de 10 % » for a target, the bare value of an alert threshold. Reads the indicator."""
        if self.kind == TargetKind.ALERT:
            return quantity(self.value, self.indicator.unit)
        return target_words(self.dated, self.indicator.unit, self.indicator.direction)
