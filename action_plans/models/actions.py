"""The actions of a préfecture: what is done, by whom, for when, and where it stands."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accounts.access import Scope, ScopedQuerySet
from accounts.models import Prefecture, Service, User
from action_plans import limits
from action_plans.enums import (
    CLOSED_STATES,
    OPEN_STATES,
    ActionKind,
    ActionState,
    Priority,
    Verdict,
)
from common.models import Removable, Revised
from modules.models import Commitment, Evidence, Module, plausible_day


class ActionQuerySet(ScopedQuerySet):
    def kept(self) -> "ActionQuerySet":
        """Actions that were not taken off the pages."""
        return self.filter(removed_at__isnull=True)

    def open(self) -> "ActionQuerySet":
        """Actions on which work is still owed."""
        return self.filter(state__in=OPEN_STATES)

    def late_on(self, day: date) -> "ActionQuerySet":
        """Open actions whose day has passed."""
        return self.open().filter(due_on__lt=day)


class Axis(Removable, Revised):
    """A heading of the plan of a préfecture: « Accueil », « Délais »…"""

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="action_axes")
    title = models.CharField("intitulé", max_length=limits.NAME)
    position = models.PositiveSmallIntegerField("rang", default=0)
    history = HistoricalRecords()

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = "axe"
        verbose_name_plural = "axes"
        ordering = ("position", "title", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("prefecture", "title"),
                condition=Q(removed_at__isnull=True),
                name="axis_unique_title",
                violation_error_message="Un axe porte déjà cet intitulé.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ActionCounter(models.Model):
    """The last number given in a préfecture: its row is locked when one is taken, never reused."""

    prefecture = models.OneToOneField(
        Prefecture, models.CASCADE, related_name="action_counter", primary_key=True
    )
    last_number = models.PositiveIntegerField(default=0)


class Action(Removable, Revised):
    """What is done about something weak; « number » is stable and printed, never a key.

    ``progress`` runs from 0 to 100, in percent. ``cost`` is in euros. ``owner`` is an account;
    ``owner_name`` and ``owner_email`` stand for somebody who has none. ``state_reason`` says why the
    action took its present state. ``verdict`` is the référent's, with a reason.
    """

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="actions")
    number = models.PositiveIntegerField("numéro", editable=False)
    title = models.CharField("intitulé", max_length=limits.TITLE)
    problem = models.TextField("problème constaté", blank=True, max_length=limits.LONG_TEXT)
    cause = models.TextField("analyse des causes", blank=True, max_length=limits.LONG_TEXT)
    kind = models.CharField(
        "nature", max_length=11, choices=ActionKind.choices, default=ActionKind.CORRECTIVE
    )
    axis = models.ForeignKey(
        Axis, models.SET_NULL, null=True, blank=True, related_name="actions", verbose_name="axe"
    )
    modules = models.ManyToManyField(
        Module, blank=True, related_name="actions", verbose_name="modules"
    )
    commitments = models.ManyToManyField(
        Commitment, blank=True, related_name="actions", verbose_name="engagements"
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="actions"
    )
    owner = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_actions",
        verbose_name="responsable",
    )
    owner_name = models.CharField("nom du responsable", max_length=limits.NAME, blank=True)
    owner_email = models.EmailField("courriel du responsable", blank=True)
    partners = models.CharField("partenaires", max_length=300, blank=True)
    priority = models.PositiveSmallIntegerField(
        "priorité", choices=Priority.choices, default=Priority.NORMAL
    )
    starts_on = models.DateField("début", null=True, blank=True, validators=[plausible_day])
    due_on = models.DateField("échéance", null=True, blank=True, validators=[plausible_day])
    done_on = models.DateField("réalisée le", null=True, blank=True, validators=[plausible_day])
    means = models.TextField("moyens", blank=True, max_length=limits.LONG_TEXT)
    cost = models.DecimalField(
        "coût",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text="En euros.",
    )
    progress = models.PositiveSmallIntegerField(
        "avancement", default=0, validators=[MaxValueValidator(100)], help_text="De 0 à 100 %."
    )
    state = models.CharField(
        "état", max_length=11, choices=ActionState.choices, default=ActionState.TO_START
    )
    state_reason = models.CharField("motif", max_length=limits.REASON, blank=True)
    state_since = models.DateField("dans cet état depuis", editable=False)
    verdict = models.CharField(
        "conclusion", max_length=11, choices=Verdict.choices, blank=True, editable=False
    )
    verdict_on = models.DateField("conclue le", null=True, blank=True, editable=False)
    verdict_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    is_highlighted = models.BooleanField(
        "à présenter au comité",
        default=False,
        help_text="Un des « points les plus intéressants » du plan.",
    )
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField("ouverte le", auto_now_add=True)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)
    history = HistoricalRecords(m2m_fields=[modules, commitments])

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = "action"
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("prefecture", "number"), name="action_unique_number"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(due_on__isnull=True)
                | Q(due_on__gte=F("starts_on")),
                name="action_due_after_start",
                violation_error_message="L’échéance précède le début de l’action.",
            ),
            models.CheckConstraint(
                condition=Q(progress__range=(0, 100)), name="action_progress_range"
            ),
            models.CheckConstraint(
                condition=~Q(state=ActionState.ABANDONED) | ~Q(state_reason=""),
                name="action_abandon_has_reason",
                violation_error_message="Dites pourquoi l’action est abandonnée.",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("prefecture", "state", "due_on")),
            models.Index(fields=("prefecture", "due_on")),
            models.Index(fields=("owner", "state")),
            models.Index(fields=("service", "state")),
        ]

    def __str__(self) -> str:
        return f"Action n° {self.number} – {self.title}"

    @property
    def current_state(self) -> ActionState:
        """The state as an enum, for its badge."""
        return ActionState(self.state)

    @property
    def current_priority(self) -> Priority:
        """The priority as an enum, for its badge."""
        return Priority(self.priority)

    @property
    def current_verdict(self) -> Verdict | None:
        """The verdict as an enum; ``None`` while nobody concluded."""
        return Verdict(self.verdict) if self.verdict else None

    @property
    def is_open(self) -> bool:
        """Whether work is still owed."""
        return self.state in OPEN_STATES

    @property
    def is_closed(self) -> bool:
        """Whether its life has ended."""
        return self.state in CLOSED_STATES

    def is_late_on(self, day: date) -> bool:
        """Whether work is owed and its day has passed."""
        return self.is_open and self.due_on is not None and self.due_on < day

    @property
    def shown_axis(self) -> Axis | None:
        """The axis under which it is shown; ``None`` once the axis is off the pages. Reads ``axis``."""
        return self.axis if self.axis is not None and self.axis.removed_at is None else None

    @property
    def owner_label(self) -> str:
        """Who answers for it, as printed; empty when nobody does. Reads ``owner``."""
        return self.owner.full_name if self.owner is not None else self.owner_name


class OfActionQuerySet(ScopedQuerySet):
    prefecture_path = "action__prefecture"


class Step(Removable, Revised):
    """One thing to do in an action, with its own day."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField("rang", default=0)
    title = models.CharField("étape", max_length=limits.TITLE)
    owner_name = models.CharField("par", max_length=limits.NAME, blank=True)
    due_on = models.DateField("pour le", null=True, blank=True, validators=[plausible_day])
    done_on = models.DateField("faite le", null=True, blank=True, validators=[plausible_day])
    history = HistoricalRecords()

    objects = OfActionQuerySet.as_manager()

    class Meta:
        verbose_name = "étape"
        ordering = ("position", "pk")
        indexes: ClassVar = [models.Index(fields=("action", "position"))]

    def __str__(self) -> str:
        return self.title

    def is_late_on(self, day: date) -> bool:
        """Whether it is not done and its day has passed."""
        return self.done_on is None and self.due_on is not None and self.due_on < day


class ActionComment(Removable, Revised):
    """A sentence of somebody who follows the action; never shown to an auditor."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="comments")
    text = models.TextField("commentaire", max_length=limits.LONG_TEXT)
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    author_name = models.CharField(max_length=limits.NAME, blank=True, editable=False)
    written_at = models.DateTimeField("le", auto_now_add=True)
    history = HistoricalRecords()

    objects = OfActionQuerySet.as_manager()

    class Meta:
        verbose_name = "commentaire"
        ordering = ("written_at", "pk")

    def __str__(self) -> str:
        return self.text[:60]


class ActionEvidence(models.Model):
    """A piece that shows that the action was done."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="evidence_links")
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="action_links")
    linked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    linked_at = models.DateTimeField("jointe le", auto_now_add=True)

    objects = OfActionQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce d’une action"
        ordering = ("evidence__title", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("action", "evidence"),
                name="action_evidence_once",
                violation_error_message="Cette pièce est déjà jointe à l’action.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.evidence} → {self.action}"


class SavedViewQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "ScopedQuerySet":
        """A search is its author's alone."""
        visible = super().visible_to(scope)
        return visible if scope.sees_all_prefectures else visible.filter(user=scope.user)


class SavedView(Revised):
    """A search of the list of actions that somebody kept under a name."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_action_views")
    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="+")
    name = models.CharField("nom", max_length=80)
    query = models.CharField(max_length=1000, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "vue enregistrée"
        ordering = ("name", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("user", "prefecture", "name"),
                name="saved_view_once",
                violation_error_message="Une de vos vues porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name
