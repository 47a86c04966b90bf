"""Who does what: correspondants qualité, working groups, deliverables."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from accounts.models import Service, User
from common.models import Removable, Revised
from common.people import with_function
from modules import limits
from modules.enums import DeliverableKind, DeliverableState
from modules.models.assessments import SelfAssessment
from modules.models.cycles import LabelCycle, plausible_day
from modules.models.files import StoredFile
from modules.models.procedures import Procedure
from modules.models.scoping import OfCycleQuerySet, kept


class KeptQuerySet(OfCycleQuerySet):
    def kept(self) -> "KeptQuerySet":
        """Rows that were not taken off the pages."""
        return self.filter(kept())


class Correspondent(Removable, Revised):
    """Somebody named correspondant qualité of a service for a démarche; rights are a membership's."""

    cycle = models.ForeignKey(LabelCycle, models.CASCADE, related_name="correspondents")
    service = models.ForeignKey(Service, models.PROTECT, related_name="correspondents")
    user = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="compte",
    )
    name = models.CharField("nom", max_length=160)
    function = models.CharField("fonction", max_length=160, blank=True)
    email = models.EmailField("courriel", blank=True)
    named_on = models.DateField("nommé le", null=True, blank=True, validators=[plausible_day])
    is_deputy = models.BooleanField("suppléant", default=False)
    history = HistoricalRecords()

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = "correspondant qualité"
        ordering = ("service__name", "is_deputy", "name", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("cycle", "service", "name"),
                condition=Q(removed_at__isnull=True),
                name="correspondent_once",
                violation_error_message="Cette personne est déjà correspondante de ce service.",
            )
        ]

    def __str__(self) -> str:
        return with_function(self.name, self.function)


class WorkingGroup(Removable, Revised):
    """A working group by theme: what it must do, who pilots it."""

    cycle = models.ForeignKey(LabelCycle, models.CASCADE, related_name="groups")
    name = models.CharField("nom", max_length=160)
    theme = models.CharField("thème", max_length=200, blank=True)
    mission = models.TextField("mission", blank=True, max_length=limits.LONG_TEXT)
    history = HistoricalRecords()

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = "groupe de travail"
        ordering = ("name", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("cycle", "name"),
                condition=Q(removed_at__isnull=True),
                name="group_unique_name",
                violation_error_message="Un groupe de la démarche porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def prefecture(self) -> Any:
        return self.cycle.prefecture


class GroupMember(Removable, Revised):
    """Somebody in a working group, with or without an account; one or several pilot it."""

    group = models.ForeignKey(WorkingGroup, models.CASCADE, related_name="members")
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="compte"
    )
    name = models.CharField("nom", max_length=160)
    function = models.CharField("fonction", max_length=160, blank=True)
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    is_pilot = models.BooleanField("pilote", default=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "membre d’un groupe"
        ordering = ("-is_pilot", "name", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("group", "name"),
                condition=Q(removed_at__isnull=True),
                name="group_member_once",
                violation_error_message="Cette personne est déjà dans le groupe.",
            )
        ]

    def __str__(self) -> str:
        return with_function(self.name, self.function)


class Deliverable(Removable, Revised):
    """What a group or a service owes: by whom, for when, and what was handed in."""

    cycle = models.ForeignKey(LabelCycle, models.CASCADE, related_name="deliverables")
    group = models.ForeignKey(
        WorkingGroup,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deliverables",
        verbose_name="groupe",
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="deliverables"
    )
    kind = models.CharField("nature", max_length=12, choices=DeliverableKind.choices)
    title = models.CharField("intitulé", max_length=limits.TITLE)
    owner = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deliverables",
        verbose_name="responsable",
    )
    owner_name = models.CharField("nom du responsable", max_length=160, blank=True)
    due_on = models.DateField("attendu pour le", validators=[plausible_day])
    state = models.CharField(
        "état", max_length=9, choices=DeliverableState.choices, default=DeliverableState.TODO
    )
    delivered_on = models.DateField("remis le", null=True, blank=True, validators=[plausible_day])
    stored = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="deliverables"
    )
    procedure = models.ForeignKey(
        Procedure, models.SET_NULL, null=True, blank=True, related_name="deliverables"
    )
    assessment = models.ForeignKey(
        SelfAssessment, models.SET_NULL, null=True, blank=True, related_name="deliverables"
    )
    note = models.TextField("remarque", blank=True, max_length=limits.LONG_TEXT)
    sent_back_reason = models.CharField("motif du renvoi", max_length=300, blank=True)
    reminded_at = models.DateTimeField("relancé le", null=True, blank=True, editable=False)
    history = HistoricalRecords()

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = "livrable"
        ordering = ("due_on", "title", "pk")
        indexes: ClassVar = [
            models.Index(fields=("cycle", "due_on")),
            models.Index(fields=("state", "due_on")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def current_state(self) -> DeliverableState:
        """The state as an enum, for its badge."""
        return DeliverableState(self.state)

    def is_late_on(self, day: date) -> bool:
        """Whether it is owed and its day has passed."""
        return self.state in {DeliverableState.TODO, DeliverableState.DOING} and self.due_on < day
