"""Where an action comes from, and what it changed.

No generic foreign key: an origin and a measure name a registered source and a reference that this
source understands. Their labels are kept as they were read, so that what was shown stays readable
when the source is gone.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from accounts.access import ScopedQuerySet
from accounts.models import Prefecture, User
from action_plans import limits
from action_plans.enums import Direction, EffectOutcome, MeasureUnit
from action_plans.models.actions import Action, OfActionQuerySet
from common.models import Removable, Revised
from modules.models import plausible_day


# Source of an origin or of a measure that somebody typed.
BY_HAND = "manual"


class Origin(models.Model):
    """What gave rise to an action: a source of the registry and its reference, or a sentence."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="origins")
    source = models.CharField("nature", max_length=limits.KIND, default=BY_HAND)
    reference = models.CharField(max_length=limits.REFERENCE, blank=True)
    label = models.CharField("origine", max_length=300)
    detail = models.CharField("précision", max_length=300, blank=True)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField("ajoutée le", auto_now_add=True)
    history = HistoricalRecords()

    objects = OfActionQuerySet.as_manager()

    class Meta:
        verbose_name = "origine"
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("action", "source", "reference"),
                condition=~Q(reference=""),
                name="origin_once",
                violation_error_message="Cette origine est déjà celle de l’action.",
            ),
            models.CheckConstraint(
                condition=Q(source=BY_HAND, reference="") | (~Q(source=BY_HAND) & ~Q(reference="")),
                name="origin_has_reference",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=("source", "reference"))]

    def __str__(self) -> str:
        return self.label


class SuccessMeasure(Removable, Revised):
    """How one will know that an action worked: a value before, a target, a day.

    Values are in the unit of the measure, a rate from 0 to 1. ``source`` is a registered source that
    brings the next values by itself, or ``manual``: they are typed, with where they come from.
    """

    action = models.ForeignKey(Action, models.CASCADE, related_name="measures")
    source = models.CharField("mesurée par", max_length=limits.KIND, default=BY_HAND)
    reference = models.CharField(max_length=limits.REFERENCE, blank=True)
    label = models.CharField("mesure", max_length=300)
    unit = models.CharField(
        "unité", max_length=12, choices=MeasureUnit.choices, default=MeasureUnit.PERCENT
    )
    direction = models.CharField(
        "sens", max_length=4, choices=Direction.choices, default=Direction.UP
    )
    baseline = models.DecimalField(
        "valeur de départ", max_digits=18, decimal_places=6, null=True, blank=True
    )
    baseline_on = models.DateField("mesurée le", null=True, blank=True, validators=[plausible_day])
    baseline_size = models.PositiveIntegerField(
        "nombre de réponses au départ",
        null=True,
        blank=True,
        help_text="Pour un taux : sans lui, aucun progrès ne peut être dit établi.",
    )
    baseline_source = models.CharField("d’où vient-elle", max_length=limits.SOURCE, blank=True)
    target = models.DecimalField("cible", max_digits=18, decimal_places=6, null=True, blank=True)
    measure_on = models.DateField(
        "à mesurer le",
        null=True,
        blank=True,
        validators=[plausible_day],
        help_text="Par exemple la date de la prochaine enquête.",
    )
    history = HistoricalRecords()

    objects = OfActionQuerySet.as_manager()

    class Meta:
        verbose_name = "mesure de l’effet"
        ordering = ("pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(source=BY_HAND, reference="") | (~Q(source=BY_HAND) & ~Q(reference="")),
                name="measure_has_reference",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("source", "reference")),
            models.Index(fields=("action", "measure_on")),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_typed(self) -> bool:
        """Whether its values are typed by somebody."""
        return self.source == BY_HAND


class EffectReading(models.Model):
    """One value after the action, and what its source concludes. Never changed: a newer one is added.

    ``sentence`` is what is shown: it says the change, whether it is established, and that an
    association is no proof.
    """

    measure = models.ForeignKey(SuccessMeasure, models.CASCADE, related_name="readings")
    value = models.DecimalField("valeur", max_digits=18, decimal_places=6)
    measured_on = models.DateField("mesurée le", validators=[plausible_day])
    size = models.PositiveIntegerField("nombre de réponses", null=True, blank=True)
    source_note = models.CharField("d’où vient-elle", max_length=limits.SOURCE, blank=True)
    outcome = models.CharField(max_length=10, choices=EffectOutcome.choices)
    sentence = models.CharField(max_length=600)
    read_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "effet lu"
        ordering = ("-measured_on", "-pk")
        indexes: ClassVar = [models.Index(fields=("measure", "-measured_on"))]

    def __str__(self) -> str:
        return self.sentence

    @property
    def current_outcome(self) -> EffectOutcome:
        """The outcome as an enum, for its badge."""
        return EffectOutcome(self.outcome)


class FollowUpLetter(models.Model):
    """A weekly letter, claimed before it is sent: nobody receives two of the same week."""

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="+")
    email = models.EmailField()
    week_on = models.DateField("semaine du")
    claimed_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "lettre de suivi"
        ordering = ("-week_on", "email")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("prefecture", "email", "week_on"), name="follow_up_letter_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.email}, semaine du {self.week_on}"
