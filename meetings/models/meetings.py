"""A meeting: facts, agenda, who came."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accounts.access import Permission, Scope, ScopedQuerySet
from accounts.models import User
from common.enums import Civility
from common.models import Removable, Revised
from common.people import full_name, with_function
from meetings.enums import Presence
from meetings.models.committees import MAX_PROTOCOL_ORDER, Body, Committee, Member


class MeetingQuerySet(ScopedQuerySet):
    prefecture_path = "committee__prefecture"

    def with_page_facts(self) -> "MeetingQuerySet":
        """Join what every page of a meeting shows."""
        return self.select_related("committee__prefecture", "chair__body", "secretary")


class Meeting(Revised):
    """One meeting of a committee. Its minutes are versions of their own (``Minutes``)."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="meetings")
    slug = models.SlugField("adresse courte", max_length=80, unique=True)
    title = models.CharField("titre", max_length=200)
    held_on = models.DateField("date", null=True, blank=True)
    date_note = models.CharField(
        "remarque sur la date",
        max_length=200,
        blank=True,
        help_text="Imprimée sous la date, par exemple « date reportée ».",
    )
    starts_at = models.TimeField("heure de début", null=True, blank=True)
    ends_at = models.TimeField("heure de fin", null=True, blank=True)
    place = models.CharField("lieu", max_length=200, blank=True)
    chair = models.ForeignKey(
        Member,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="présidence",
    )
    secretary = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="meetings_as_secretary",
        null=True,
        blank=True,
        verbose_name="secrétaire de séance",
    )
    convened_on = models.DateField("convocation envoyée le", null=True, blank=True)
    history = HistoricalRecords()

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "séance"
        ordering = (F("held_on").desc(nulls_first=True), "-pk")
        indexes: ClassVar = [models.Index(fields=("committee", "-held_on"))]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True)
                | Q(ends_at__isnull=True)
                | Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message="L’heure de fin doit suivre l’heure de début.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def is_writable_by(self, scope: Scope) -> bool:
        """Tell whether the scope may write this meeting: the role, or being its secretary."""
        if scope.may(Permission.MINUTES_WRITE):
            return True
        return (
            scope.may(Permission.MINUTES_WRITE_ASSIGNED)
            and scope.user is not None
            and self.secretary_id == scope.user.pk
        )


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def kept(self) -> "AgendaItemQuerySet":
        """Items still on the agenda, in order; build the tree with ``rules.numbered``."""
        return self.filter(removed_at__isnull=True).order_by("position", "pk")


class AgendaItem(Removable, Revised):
    """A line of the agenda, perhaps under another one."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda_items")
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        related_name="children",
        null=True,
        blank=True,
        verbose_name="sous le point",
    )
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField("intitulé", max_length=300)
    presenter = models.CharField("présenté par", max_length=160, blank=True)
    expects_opinion = models.BooleanField(
        "soumis pour avis", default=False, help_text="Un avis du comité est attendu sur ce point."
    )
    section = models.CharField(
        "données à insérer",
        max_length=60,
        blank=True,
        help_text="Données de l’application placées sous ce point, figées à la validation.",
    )
    history = HistoricalRecords()

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = "point de l’ordre du jour"
        ordering = ("position", "pk")
        indexes: ClassVar = [models.Index(fields=("meeting", "position"))]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Presence of one member, or of one whole body, at one meeting."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="attendances", null=True, blank=True
    )
    body = models.ForeignKey(
        Body, models.PROTECT, related_name="attendances", null=True, blank=True
    )
    presence = models.CharField("présence", max_length=12, choices=Presence.choices)
    represented_by = models.CharField("représenté par", max_length=200, blank=True)
    note = models.CharField("observation", max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "présence"
        ordering = ("pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, body__isnull=True)
                | Q(member__isnull=True, body__isnull=False),
                name="attendance_of_member_or_body",
                violation_error_message="Une présence concerne un membre ou un organisme.",
            ),
            models.UniqueConstraint(
                fields=("meeting", "member"),
                name="attendance_unique_member",
                violation_error_message="Ce membre est déjà pointé.",
            ),
            models.UniqueConstraint(
                fields=("meeting", "body"),
                name="attendance_unique_body",
                violation_error_message="Cet organisme est déjà pointé.",
            ),
            models.CheckConstraint(
                condition=Q(presence=Presence.REPRESENTED) | Q(represented_by=""),
                name="attendance_represented_by_only_if_represented",
                violation_error_message="Le nom du représentant ne vaut que pour « représenté ».",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member or self.body} : {self.get_presence_display()}"


class Guest(Removable, Revised):
    """Somebody present who is not a member of the committee."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="guests")
    civility = models.CharField("civilité", max_length=4, choices=Civility.choices, blank=True)
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=80)
    function = models.CharField("fonction", max_length=160, blank=True)
    organisation = models.CharField("organisme", max_length=200, blank=True)
    protocol_order = models.PositiveSmallIntegerField(
        "ordre protocolaire", default=100, validators=[MaxValueValidator(MAX_PROTOCOL_ORDER)]
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "invité"
        ordering = ("protocol_order", "last_name", "pk")

    def __str__(self) -> str:
        return self.label

    @property
    def full_name(self) -> str:
        return full_name(self.civility, self.first_name, self.last_name)

    @property
    def label(self) -> str:
        return with_function(self.full_name, self.function)
