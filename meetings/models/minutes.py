"""The minutes: versions, texts, what was asked, thought and decided, who signed, who received."""

import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.access import ScopedQuerySet
from accounts.models import User
from common.models import Removable, Revised
from meetings.enums import (
    FINAL_STATES,
    DeliveryState,
    MinutesState,
    SignatureKind,
    Slot,
    Verdict,
)
from meetings.models.committees import Member
from meetings.models.meetings import AgendaItem, Meeting
from reports.models import Document


class MinutesQuerySet(ScopedQuerySet):
    prefecture_path = "meeting__committee__prefecture"


class FinalVersionError(Exception):
    """Some code tried to change a validated version: a correction opens a new one instead."""


class Minutes(models.Model):
    """One version of the minutes. Once validated, ``frozen`` holds all of it and never changes."""

    _stored_final = False

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes_versions")
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(
        "état", max_length=10, choices=MinutesState.choices, default=MinutesState.DRAFT
    )
    correction_reason = models.CharField("motif de la correction", max_length=300, blank=True)
    frozen = models.JSONField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    sent_back_reason = models.CharField("motif du renvoi", max_length=500, blank=True)
    validated_at = models.DateTimeField(null=True, blank=True)
    diffused_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords(excluded_fields=["frozen"])

    objects = MinutesQuerySet.as_manager()

    # What still changes once a version is validated: it gets sent.
    CHANGES_ONCE_FINAL = frozenset({"state", "diffused_at"})

    class Meta:
        verbose_name = "compte rendu"
        verbose_name_plural = "comptes rendus"
        ordering = ("-version",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("meeting", "version"), name="minutes_unique_version"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(FINAL_STATES))
                | Q(frozen__isnull=False, validated_at__isnull=False),
                name="minutes_final_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(correction_reason=""),
                name="minutes_correction_has_reason",
                violation_error_message="Une version corrigée dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} – version {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a final version takes its diffusion and nothing else, whoever asks."""
        names = kwargs.get("update_fields")
        if self._stored_final and not (
            self.is_final and names and self.CHANGES_ONCE_FINAL.issuperset(names)
        ):
            raise FinalVersionError(str(self))
        super().save(*args, **kwargs)
        self._stored_final = self.is_final

    @classmethod
    def from_db(  # type: ignore[override]  # the stubs describe Django 6
        cls, db: str | None, field_names: Collection[str], values: Collection[Any]
    ) -> Self:
        """Remember whether the stored row is final (see ``save``)."""
        minutes = super().from_db(db, field_names, values)
        minutes._stored_final = "state" in field_names and minutes.is_final
        return minutes

    @property
    def current_state(self) -> MinutesState:
        return MinutesState(self.state)

    @property
    def is_final(self) -> bool:
        return self.current_state in FINAL_STATES

    @property
    def is_editable(self) -> bool:
        return self.current_state == MinutesState.DRAFT


class TextBlock(models.Model):
    """One text of the minutes: opening, closing, or what was said under an agenda item.

    ``revision`` is compared at each save: who writes on an older text is shown the newer one.
    """

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="texts")
    slot = models.CharField(max_length=8, choices=Slot.choices)
    item = models.ForeignKey(
        AgendaItem, models.CASCADE, related_name="texts", null=True, blank=True
    )
    text = models.TextField("texte", blank=True)
    revision = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "texte"
        ordering = ("pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(slot=Slot.ITEM, item__isnull=False)
                | (~Q(slot=Slot.ITEM) & Q(item__isnull=True)),
                name="text_item_matches_slot",
            ),
            # Two constraints: « nulls not distinct » exists on recent PostgreSQL only.
            models.UniqueConstraint(fields=("minutes", "item"), name="text_unique_item"),
            models.UniqueConstraint(
                fields=("minutes", "slot"),
                condition=Q(item__isnull=True),
                name="text_unique_slot",
            ),
        ]

    def __str__(self) -> str:
        return self.item.title if self.item else self.get_slot_display()


class MinutesRow(Removable, Revised):
    """What questions, opinions and decisions share: a version, an item, a place in the list.

    ``first_row`` is the same row in the version where it was first written (none: this one), so that
    what points to a decision still finds it once the minutes are corrected.
    """

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="%(class)ss")
    item = models.ForeignKey(
        AgendaItem,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="point de l’ordre du jour",
    )
    position = models.PositiveSmallIntegerField(default=0)
    first_row = models.ForeignKey(
        "self", models.SET_NULL, related_name="+", null=True, blank=True, editable=False
    )

    # What the plan made of it, for a page: filled by selectors.follow_up.
    opened: Any = None

    class Meta:
        abstract = True
        ordering = ("position", "pk")

    @property
    def lineage(self) -> int:
        """The number that every version of this row shares."""
        return self.first_row_id or self.pk  # type: ignore[attr-defined]


class Question(MinutesRow):
    """Who asked what, in the name of which body; who answered what."""

    asker = models.ForeignKey(
        Member, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="auteur"
    )
    asker_name = models.CharField(
        "auteur, s’il n’est pas dans la liste",
        max_length=200,
        blank=True,
        help_text="Par exemple « Mme Claudine MARTINS DE SOUSA ».",
    )
    asker_body = models.CharField("au nom de", max_length=200, blank=True)
    text = models.TextField("question", max_length=5000)
    answerer = models.ForeignKey(
        Member, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="répondant"
    )
    answerer_name = models.CharField(
        "répondant, s’il n’est pas dans la liste", max_length=200, blank=True
    )
    answer = models.TextField("réponse", max_length=10000, blank=True)
    history = HistoricalRecords()

    class Meta(MinutesRow.Meta):
        verbose_name = "question"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(asker__isnull=False) | ~Q(asker_name=""),
                name="question_has_asker",
                violation_error_message="Indiquez qui a posé la question.",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def asker_label(self) -> str:
        """« Mme Claudine MARTINS DE SOUSA (CCI) », « M. BLOT, défenseur des droits »."""
        if self.asker:
            return self.asker.label
        return f"{self.asker_name} ({self.asker_body})" if self.asker_body else self.asker_name

    @property
    def answerer_label(self) -> str:
        return self.answerer.label if self.answerer else self.answerer_name


class Opinion(MinutesRow):
    """Opinion of the committee on a document submitted to it (a template e-mail, for instance)."""

    document_title = models.CharField("document soumis", max_length=300)
    verdict = models.CharField("avis", max_length=12, choices=Verdict.choices)
    comment = models.TextField("observations", max_length=3000, blank=True)
    history = HistoricalRecords()

    class Meta(MinutesRow.Meta):
        verbose_name = "avis"
        verbose_name_plural = "avis"

    def __str__(self) -> str:
        return self.document_title

    @property
    def current_verdict(self) -> Verdict:
        return Verdict(self.verdict)


class Decision(MinutesRow):
    """What was decided, who does it, by when."""

    text = models.TextField("décision", max_length=2000)
    owner = models.CharField("responsable", max_length=200, blank=True)
    due_on = models.DateField("échéance", null=True, blank=True)
    history = HistoricalRecords()

    class Meta(MinutesRow.Meta):
        verbose_name = "décision"

    def __str__(self) -> str:
        return self.text[:60]


class Signature(models.Model):
    """A visa or the signature, as recorded at that moment."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="signatures")
    kind = models.CharField(max_length=10, choices=SignatureKind.choices)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField("nom", max_length=200)
    function = models.CharField("fonction", max_length=200)
    delegation = models.CharField(
        "délégation",
        max_length=300,
        blank=True,
        help_text="« Par délégation du préfet, arrêté n° … du … », si vous ne signez pas pour "
        "vous-même.",
    )
    signed_at = models.DateTimeField("le")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "signature"
        ordering = ("signed_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("minutes", "kind"),
                name="signature_unique_kind",
                violation_error_message="Ce compte rendu porte déjà ce visa ou cette signature.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} de {self.name}"


def new_token() -> str:
    """Return an unguessable token for a link sent by e-mail."""
    return secrets.token_urlsafe(24)


# A message that takes longer was interrupted: a person decides whether to send it again.
INTERRUPTED_AFTER = timedelta(minutes=10)
# What waited longer than this may be asked for again; the claim makes it harmless.
FORGOTTEN_AFTER = timedelta(minutes=2)


class Delivery(models.Model):
    """The minutes sent to one person; claimed by UPDATE so that nobody receives them twice."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="deliveries")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    name = models.CharField(max_length=300)
    email = models.EmailField()
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    # When it took its state: an attempt that started long ago was interrupted.
    state_since = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    error_message = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "envoi"
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("minutes", "email"), name="delivery_once_per_address")
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    @property
    def current_state(self) -> DeliveryState:
        return DeliveryState(self.state)

    @property
    def is_interrupted(self) -> bool:
        """Its sending began long ago and never ended: it may have left or not."""
        return self.state == DeliveryState.SENDING and self._is_older_than(INTERRUPTED_AFTER)

    @property
    def may_be_retried(self) -> bool:
        is_forgotten = self.state == DeliveryState.QUEUED and self._is_older_than(FORGOTTEN_AFTER)
        return self.state == DeliveryState.FAILED or self.is_interrupted or is_forgotten

    def _is_older_than(self, delay: timedelta) -> bool:
        return timezone.now() - self.state_since > delay
