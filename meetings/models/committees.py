"""The committee and its composition: bodies with seats, members with a mandate."""

from datetime import date
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accounts.access import ScopedQuerySet
from accounts.models import Prefecture, User
from common.enums import Civility
from common.models import Removable, Revised
from common.people import full_name, with_function
from meetings.enums import BodyCategory, CommitteeKind, ImportState
from modules.models import WorkingGroup


# Ranks are spaced by ten or a hundred; beyond, it is a slip of the finger.
MAX_PROTOCOL_ORDER = 9999


class Committee(Revised):
    """A users' committee, a steering committee, a working group… of one préfecture."""

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="committees")
    slug = models.SlugField("adresse courte", max_length=80, unique=True)
    name = models.CharField("nom", max_length=160)
    kind = models.CharField(
        "nature", max_length=5, choices=CommitteeKind.choices, default=CommitteeKind.CLU
    )
    legal_basis = models.TextField(
        "fondement",
        blank=True,
        help_text="Arrêté qui institue le comité, décision du préfet, note de service…",
    )
    default_place = models.CharField("lieu habituel", max_length=200, blank=True)
    service_line = models.CharField(
        "service chargé du secrétariat",
        max_length=160,
        blank=True,
        help_text="Imprimé en haut à droite des documents.",
    )
    working_group = models.ForeignKey(
        WorkingGroup,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="committees",
        verbose_name="groupe de travail de la démarche",
    )
    history = HistoricalRecords()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "comité"
        ordering = ("name",)
        indexes: ClassVar = [models.Index(fields=("prefecture", "name"))]

    def __str__(self) -> str:
        return self.name

    @property
    def acronym(self) -> str:
        """« CLU », « COPIL »… as printed in titles and file names."""
        return self.kind


class CompositionQuerySet(models.QuerySet[Any]):
    def kept(self) -> "CompositionQuerySet":
        """Rows that were not taken off the composition."""
        return self.filter(removed_at__isnull=True)


class MemberQuerySet(CompositionQuerySet):
    def holding_on(self, day: date | None) -> "MemberQuerySet":
        """Members whose mandate runs on ``day`` (both ends included); all when no day is known."""
        kept = self.filter(removed_at__isnull=True)
        if day is None:
            return kept
        return kept.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day),
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        )


class Body(Removable, Revised):
    """An organisation that sits in the committee, whoever represents it."""

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="bodies")
    name = models.CharField("nom de l’organisme", max_length=200)
    category = models.CharField(
        "catégorie", max_length=12, choices=BodyCategory.choices, default=BodyCategory.ASSOCIATION
    )
    seats = models.PositiveSmallIntegerField("nombre de sièges", default=1)
    protocol_order = models.PositiveSmallIntegerField(
        "ordre protocolaire", default=100, validators=[MaxValueValidator(MAX_PROTOCOL_ORDER)]
    )
    names_absentees = models.BooleanField(
        "nommer chaque absent",
        default=False,
        help_text="Cochez pour les parlementaires : leurs absents sont cités par leur nom, et non "
        "par leur organisme.",
    )
    history = HistoricalRecords()

    objects = CompositionQuerySet.as_manager()

    class Meta:
        verbose_name = "organisme"
        ordering = ("protocol_order", "name", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("committee", "name"),
                condition=Q(removed_at__isnull=True),
                name="body_unique_name",
                violation_error_message="Cet organisme est déjà dans la composition du comité.",
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1, seats__lte=99),
                name="body_has_seats",
                violation_error_message="Le nombre de sièges va de 1 à 99.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Member(Removable, Revised):
    """Somebody holding a function in a body from a date to a date. Needs no account."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="members", verbose_name="organisme")
    civility = models.CharField("civilité", max_length=4, choices=Civility.choices, blank=True)
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField(
        "nom",
        max_length=80,
        blank=True,
        help_text="Laissez vide si seule la fonction est connue (« trésorière »).",
    )
    function = models.CharField("fonction", max_length=160, blank=True)
    protocol_order = models.PositiveSmallIntegerField(
        "ordre protocolaire", default=100, validators=[MaxValueValidator(MAX_PROTOCOL_ORDER)]
    )
    email = models.EmailField("courriel", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    starts_on = models.DateField("début du mandat", null=True, blank=True)
    ends_on = models.DateField("fin du mandat", null=True, blank=True)
    history = HistoricalRecords()

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "membre"
        ordering = ("protocol_order", "last_name", "first_name", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(last_name="", function=""),
                name="member_name_or_function",
                violation_error_message="Indiquez un nom ou, à défaut, une fonction.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="member_ends_after_start",
                violation_error_message="La fin du mandat précède son début.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def full_name(self) -> str:
        return full_name(self.civility, self.first_name, self.last_name)

    @property
    def label(self) -> str:
        """« Mme Pascale SILBERMANN, sous-préfète » or the function alone."""
        return with_function(self.full_name, self.function)


class CompositionImport(models.Model):
    """A composition file as read, waiting to be looked at before anything changes."""

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="imports")
    file_name = models.CharField(max_length=200)
    rows = models.JSONField(default=list)
    state = models.CharField(
        max_length=10, choices=ImportState.choices, default=ImportState.PENDING
    )
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "import de composition"
        ordering = ("-requested_at", "-pk")

    def __str__(self) -> str:
        return self.file_name
