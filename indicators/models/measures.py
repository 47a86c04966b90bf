"""Figures: one per indicator, place and period, with where it comes from and what it was before."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from accounts.access import Permission, Scope, ScopedQuerySet
from accounts.enums import Role
from accounts.models import Prefecture, Service, Site, User
from common.models import Removable, Revised
from indicators import limits
from indicators.enums import FigureOrigin, ImportState, MeasureState, MeasureStatus
from indicators.models.catalogue import Indicator
from indicators.reading.periods import Period
from modules.models import StoredFile


class MeasureQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "ScopedQuerySet":
        """Figures of the préfecture; an auditor and the ministry read what was validated."""
        visible = super().visible_to(scope)
        if scope.role in {Role.AUDITOR, Role.NATIONAL}:
            return visible.exclude(state=MeasureState.ENTERED)
        return visible


class MeasureImportQuerySet(ScopedQuerySet):
    def visible_to(self, scope: Scope) -> "ScopedQuerySet":
        """Files of the préfecture; whoever imports for some services only sees their own."""
        visible = super().visible_to(scope)
        if scope.may(Permission.INDICATOR_ENTER) and not scope.may(Permission.INDICATOR_VALIDATE):
            return visible.filter(read_by=scope.user)
        return visible


class MeasureImport(models.Model):
    """A workbook read for figures: its preview, then what it changed, so that it can be undone.

    ``reading`` is the frozen outcome of the reading (``services.imports.frozen``), then what was done
    (``effects``) and undone (``kept``); ``answers`` what a person corrected; ``changes`` tells each
    figure before and after.
    """

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="measure_imports")
    file_name = models.CharField("fichier", max_length=255)
    stored = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    shape = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        "état", max_length=7, choices=ImportState.choices, default=ImportState.PREVIEW
    )
    reading = models.JSONField(default=dict, editable=False)
    answers = models.JSONField(default=dict, editable=False)
    changes = models.JSONField(default=list, editable=False)
    read_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = MeasureImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import de mesures"
        ordering = ("-read_at", "-pk")
        indexes: ClassVar = [
            models.Index(fields=("prefecture", "-read_at")),
            models.Index(fields=("prefecture", "shape")),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def current_state(self) -> ImportState:
        """The state as an enum, for its badge."""
        return ImportState(self.state)


class RememberedLabel(models.Model):
    """What a person said that a label of a workbook means, for the next file of that shape.

    ``meaning``: the code of an indicator, ``service:<pk>``, ``site:<pk>``, or empty: « not a figure ».
    """

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="remembered_labels")
    shape = models.CharField(max_length=64, blank=True)
    label = models.CharField(max_length=300)
    meaning = models.CharField(max_length=60, blank=True)
    said_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    said_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "correspondance retenue"
        ordering = ("label", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("prefecture", "shape", "label"), name="remembered_label_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} → {self.meaning}"


class Measure(Revised):
    """One figure. ``value`` is in the unit of the indicator, a rate from 0 to 1.

    ``period`` is written « 2021-01 », « 2020-T1 », « 2022-S1 » or « 2021 »; ``starts_on`` and
    ``ends_on`` are its days. No service and no site: the whole préfecture. ``doubt`` is the reason
    given to keep a figure that looked implausible. ``is_sample``: demonstration, never a real figure.
    """

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="measures")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="measures")
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="measures"
    )
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="measures")
    period = models.CharField("période", max_length=limits.PERIOD)
    starts_on = models.DateField(editable=False)
    ends_on = models.DateField(editable=False)
    status = models.CharField(
        "mesure", max_length=14, choices=MeasureStatus.choices, default=MeasureStatus.MEASURED
    )
    numerator = models.DecimalField(
        "numérateur",
        max_digits=limits.DIGITS,
        decimal_places=limits.DECIMALS,
        null=True,
        blank=True,
    )
    denominator = models.DecimalField(
        "dénominateur",
        max_digits=limits.DIGITS,
        decimal_places=limits.DECIMALS,
        null=True,
        blank=True,
    )
    value = models.DecimalField(
        "valeur", max_digits=limits.DIGITS, decimal_places=limits.DECIMALS, null=True, blank=True
    )
    state = models.CharField(
        "état", max_length=9, choices=MeasureState.choices, default=MeasureState.ENTERED
    )
    comment = models.TextField("commentaire", blank=True, max_length=limits.LONG_TEXT)
    doubt = models.CharField("pourquoi cette valeur est juste", max_length=300, blank=True)
    origin = models.CharField(max_length=8, choices=FigureOrigin.choices, default=FigureOrigin.HAND)
    imported = models.ForeignKey(
        MeasureImport, models.SET_NULL, null=True, blank=True, related_name="measures"
    )
    sheet = models.CharField("feuille", max_length=limits.SHEET, blank=True)
    cell = models.CharField("cellule", max_length=limits.CELL, blank=True)
    computed_by = models.CharField(max_length=40, blank=True)
    source_note = models.CharField("source", max_length=300, blank=True)
    is_sample = models.BooleanField("valeur de démonstration", default=False)
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField("saisie le")
    validated_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    validated_at = models.DateTimeField(null=True, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = "mesure"
        ordering = ("indicator__position", "-starts_on", "pk")
        constraints: ClassVar = [
            # One per kind of place: NULLs are all different for a plain constraint.
            models.UniqueConstraint(
                fields=("prefecture", "indicator", "period"),
                condition=Q(service__isnull=True, site__isnull=True),
                name="measure_once_prefecture",
            ),
            models.UniqueConstraint(
                fields=("indicator", "service", "period"),
                condition=Q(service__isnull=False),
                name="measure_once_service",
            ),
            models.UniqueConstraint(
                fields=("indicator", "site", "period"),
                condition=Q(site__isnull=False),
                name="measure_once_site",
            ),
            models.CheckConstraint(
                condition=Q(service__isnull=True) | Q(site__isnull=True),
                name="measure_one_place",
            ),
            models.CheckConstraint(
                condition=(Q(status=MeasureStatus.MEASURED) & Q(value__isnull=False))
                | (
                    ~Q(status=MeasureStatus.MEASURED)
                    & Q(value__isnull=True, numerator__isnull=True, denominator__isnull=True)
                ),
                name="measure_value_matches_status",
                violation_error_message="Une valeur ou « non mesuré », pas les deux.",
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | ~Q(denominator=Decimal(0)),
                name="measure_denominator_not_zero",
                violation_error_message="Un dénominateur nul ne donne pas de taux.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="measure_period_days"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("prefecture", "period")),
            models.Index(fields=("prefecture", "indicator", "-starts_on")),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.period}"

    @property
    def current_state(self) -> MeasureState:
        """The state as an enum, for its badge."""
        return MeasureState(self.state)

    @property
    def current_status(self) -> MeasureStatus:
        """The status as an enum, for its badge."""
        return MeasureStatus(self.status)

    @property
    def place_label(self) -> str:
        """The service or the site; empty for the whole préfecture. Reads both."""
        return str(self.service or self.site or "")


class MeasureRevision(models.Model):
    """What a figure was before a change: written with each change, never altered.

    A table of its own rather than a history of every insert: twenty thousand figures come at once.
    """

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="revisions")
    before = models.JSONField("avant")
    reason = models.CharField("pourquoi", max_length=300, blank=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField("modifiée le", auto_now_add=True)

    class Meta:
        verbose_name = "révision d’une mesure"
        ordering = ("-made_at", "-pk")
        indexes: ClassVar = [models.Index(fields=("measure", "-made_at"))]

    def __str__(self) -> str:
        return f"{self.measure}, {self.made_at:%d/%m/%Y}"


class Commentary(Revised):
    """What the référent says of an indicator in a period, and the answer given to a weak point."""

    prefecture = models.ForeignKey(
        Prefecture, models.CASCADE, related_name="indicator_commentaries"
    )
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="commentaries")
    period = models.CharField("période", max_length=limits.PERIOD)
    comment = models.TextField("ce que l’on constate", blank=True, max_length=limits.LONG_TEXT)
    answer = models.TextField("réponse apportée", blank=True, max_length=limits.LONG_TEXT)
    written_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "commentaire d’un indicateur"
        ordering = ("indicator__position", "-period", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("prefecture", "indicator", "period"), name="commentary_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} – {self.period}"

    @property
    def current_period(self) -> Period:
        """The period, for its words."""
        return Period.from_code(self.period)


class NationalValue(Removable, Revised):
    """A value published for the whole country, to compare with; ``value`` as for a measure."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="national_values")
    period = models.CharField("période", max_length=limits.PERIOD)
    starts_on = models.DateField(editable=False)
    ends_on = models.DateField(editable=False)
    value = models.DecimalField("valeur", max_digits=limits.DIGITS, decimal_places=limits.DECIMALS)
    source = models.TextField("source", max_length=limits.LONG_TEXT)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "valeur nationale"
        ordering = ("indicator", "-starts_on", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("indicator", "period"),
                condition=Q(removed_at__isnull=True),
                name="national_value_once",
                violation_error_message="Une valeur nationale est déjà connue pour cette période.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.period}, France"


class EntryReminder(models.Model):
    """A letter that calls for the figures of a period: one a day for a service, however many ask.

    Without a service: for those of the préfecture and of its sites, to the référents.
    """

    prefecture = models.ForeignKey(Prefecture, models.CASCADE, related_name="entry_reminders")
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="entry_reminders"
    )
    period = models.CharField("période", max_length=limits.PERIOD)
    sent_on = models.DateField("parti le")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "rappel de saisie"
        ordering = ("-sent_on", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("prefecture", "service", "period", "sent_on"),
                condition=Q(service__isnull=False),
                name="entry_reminder_once_service",
            ),
            models.UniqueConstraint(
                fields=("prefecture", "period", "sent_on"),
                condition=Q(service__isnull=True),
                name="entry_reminder_once_prefecture",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period}, {self.service or self.prefecture}"
