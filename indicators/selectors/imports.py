"""Reads of the imports: what the reader must know, what a file would change now, the last files."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import Permission, Scope
from accounts.models import Prefecture, Service, Site
from common.numbers import Unit
from indicators.enums import ImportEffect, ImportState, MeasureStatus
from indicators.import_plan import (
    SURE,
    Key,
    Known,
    KnownIndicator,
    LeftCells,
    Place,
    Plan,
    PlanRow,
    Present,
    ReadFigure,
    confidence_in_words,
    plan_of,
)
from indicators.models import Indicator, Measure, MeasureImport, RememberedLabel
from indicators.reading.definitions import (
    IGNORE,
    WHOLE,
    WHOLE_LABEL,
    Choice,
    IndicatorDefinition,
    KnownPrefecture,
    KnownService,
    Question,
)
from indicators.reading.definitions import Unit as ReadUnit
from indicators.reading.periods import Kind
from indicators.reading.words import same_label
from indicators.selectors.entry import recent_periods
from indicators.selectors.pilote_identifiers import identifiers_in_force


_RATE_WORDS = re.compile(r"%|\b(?:taux|part|pourcentage|proportion|indice|score|satisfaction)\b")
_RATE_OF = re.compile(r"^(?:Taux|Part|Pourcentage|Proportion) (?:d’|d'|de |des )", re.IGNORECASE)
# Beyond, the page offers to do at once what a worker has not done.
PATIENCE = timedelta(seconds=30)
# Periods and years proposed for a file that tells none.
_YEARS = 12
_PERIODS = {Kind.MONTH: 24, Kind.QUARTER: 12, Kind.HALF: 6, Kind.YEAR: 6}


@dataclass(frozen=True, slots=True)
class ReaderKnowledge:
    """What is told to the reader about a préfecture. 4 queries."""

    definitions: tuple[IndicatorDefinition, ...]
    services: tuple[KnownService, ...]
    prefecture: KnownPrefecture


def reader_knowledge(prefecture: Prefecture) -> ReaderKnowledge:
    """Return the definitions, services and sites to recognise (4 queries)."""
    identifiers = identifiers_in_force(prefecture)
    definitions = tuple(
        IndicatorDefinition(
            code=row.code,
            label=row.label,
            unit=ReadUnit(str(Unit(row.unit).label)),
            synonyms=tuple(row.synonyms),
            numerator_label=_numerators(row),
            denominator_label=row.denominator_label,
            periodicity=row.periodicity,
            level=row.level,
            direction=row.direction,
            pilote=identifiers[row.pk].identifier if row.pk in identifiers else "",
        )
        for row in Indicator.objects.order_by("position", "code")
    )
    services, sites = _places(prefecture)
    known = [
        *(KnownService(f"service:{row.pk}", row.name, row.acronym) for row in services),
        *(KnownService(f"site:{row.pk}", row.name, is_site=True) for row in sites),
    ]
    return ReaderKnowledge(
        definitions, tuple(known), KnownPrefecture(prefecture.code, prefecture.name)
    )


def _numerators(row: Indicator) -> str:
    """Return the labels of the numerator, parted by « | ».

    « Appels aboutis », another name of « Taux d’appels aboutis », heads a column of calls as often as
    one of percentages: the figures tell the reader which.
    """
    if not row.is_rate or not row.denominator_label:
        return row.numerator_label
    names = [_RATE_OF.sub("", name) for name in (row.label, *row.synonyms)]
    counts = [name for name in names if " " in name and not _RATE_WORDS.search(name.lower())]
    return "|".join(dict.fromkeys((row.numerator_label, *counts)))


def _places(prefecture: Prefecture) -> tuple[list[Service], list[Site]]:
    return (
        list(Service.objects.filter(prefecture=prefecture).order_by("name", "pk")),
        list(Site.objects.filter(prefecture=prefecture).order_by("name", "pk")),
    )


def remembered_answers(prefecture: Prefecture, shape: str) -> dict[str, str]:
    """Return what was said of the labels of this layout, as the reader takes it (1 query)."""
    rows = RememberedLabel.objects.filter(prefecture=prefecture, shape=shape)
    return {row.label: row.meaning or IGNORE for row in rows.order_by("pk")}


# --- What a file would change -----------------------------------------------------------------
def service_ids_of(scope: Scope) -> frozenset[int] | None:
    """Return the services whose figures the reader may import; ``None`` for all of them."""
    return None if scope.may(Permission.INDICATOR_VALIDATE) else scope.service_ids


def plan_now(imported: MeasureImport, service_ids: frozenset[int] | None) -> Plan:
    """Compare a frozen reading with the figures of the moment. 4 queries."""
    reading = imported.reading
    figures = [ReadFigure(*row) for row in reading.get("figures", ())]
    return plan_of(figures, left_cells(imported), _known(imported.prefecture, figures, service_ids))


def left_cells(imported: MeasureImport) -> list[LeftCells]:
    """Return what a file says that is not used, and why."""
    return [LeftCells(*row) for row in imported.reading.get("refusals", ())]


def _known(
    prefecture: Prefecture, figures: Sequence[ReadFigure], service_ids: frozenset[int] | None
) -> Known:
    codes = {figure.indicator for figure in figures}
    rows = Indicator.objects.filter(code__in=codes).order_by("pk")
    indicators = {row.code: _known_indicator(row) for row in rows}
    services, sites = _places(prefecture)
    places = {f"service:{row.pk}": Place(str(row), row.pk, name=row.name) for row in services}
    places |= {f"site:{row.pk}": Place(str(row), site_id=row.pk) for row in sites}
    pks = [item.pk for item in indicators.values()]
    today = timezone.localdate()
    return Known(indicators, places, _present(prefecture, pks), service_ids, today)


def _known_indicator(row: Indicator) -> KnownIndicator:
    return KnownIndicator(
        row.pk, row.code, row.label, row.unit, row.decimals, row.periodicity, row.aggregation
    )


def _present(prefecture: Prefecture, indicator_ids: list[int]) -> dict[Key, Present]:
    rows = Measure.objects.filter(prefecture=prefecture, indicator__in=indicator_ids)
    columns = rows.order_by("pk").values_list(
        "indicator_id", "service_id", "site_id", "period",
        "pk", "revision", "state", "status", "value", "numerator", "denominator",
    )  # fmt: skip
    return {tuple(row[:4]): Present(*row[4:]) for row in columns}


def question_of(kept: dict[str, Any]) -> Question:
    """Return a question as the reading froze it."""
    choices = tuple(Choice(*choice) for choice in kept["choices"])
    return Question(**{**kept, "choices": choices})


def questions_of(imported: MeasureImport) -> list[Question]:
    """Return what only a person can know, in the order of the file."""
    return [question_of(kept) for kept in imported.reading.get("questions", ())]


# --- Choices of the answers -------------------------------------------------------------------
Choices = list[tuple[str, Any]]


@dataclass(frozen=True)
class AnswerChoices:
    """What may answer the questions of a préfecture, by kind. 3 queries."""

    indicators: Choices
    services: Choices
    today: date

    def for_question(self, question: Question) -> Choices:
        """Return the choices of a question, the likeliest first, then leaving the cells out."""
        proposed = [(choice.value, choice.label) for choice in question.choices]
        groups: Choices = [("", "Choisissez…")]
        if proposed:
            groups.append(("Propositions", proposed))
        taken = {value for value, _ in proposed}
        others = [item for item in self._all(question.kind) if item[0] not in taken]
        if others:
            groups.append(("Autres choix" if proposed else "Choix", others))
        return [*groups, (IGNORE, "Laisser ces cellules de côté")]

    def _all(self, kind: str) -> Choices:
        match kind:
            case "indicator":
                return self.indicators
            case "service":
                return [(WHOLE, WHOLE_LABEL), *self.services]
            case "year":
                return [(str(year), str(year)) for year in self._years()]
            case "scale":
                return []
        return [(item.code, item.label) for item in recent_periods(self.today, _PERIODS)]

    def _years(self) -> Iterable[int]:
        return range(self.today.year, self.today.year - _YEARS, -1)


def answer_choices(prefecture: Prefecture, today: date) -> AnswerChoices:
    """Return everything that may answer (3 queries)."""
    services, sites = _places(prefecture)
    rows = Indicator.objects.order_by("position", "code")
    return AnswerChoices(
        [(row.code, row.label) for row in rows],
        [
            *((f"service:{row.pk}", str(row)) for row in services),
            *((f"site:{row.pk}", str(row)) for row in sites),
        ],
        today,
    )


# --- Pages ------------------------------------------------------------------------------------
def latest_imports(scope: Scope) -> QuerySet[Any]:
    """Return the files of the scope without their contents, newest first."""
    rows = MeasureImport.objects.visible_to(scope).exclude(state=ImportState.DROPPED)
    heavy = rows.defer("reading", "answers", "changes")
    return heavy.select_related("read_by", "applied_by", "stored").order_by("-read_at", "-pk")


def already_applied(imported: MeasureImport) -> MeasureImport | None:
    """Return the import that applied the very same file before (1 query)."""
    rows = MeasureImport.objects.filter(
        prefecture=imported.prefecture_id, sha256=imported.sha256, state=ImportState.APPLIED
    )
    light = rows.exclude(pk=imported.pk).defer("reading", "answers", "changes")
    return light.select_related("applied_by").order_by("-applied_at").first()  # type: ignore[no-any-return]


def is_slow(imported: MeasureImport, now: datetime) -> bool:
    """Whether somebody has waited longer than a worker ever takes."""
    return imported.state == ImportState.READING and now - imported.read_at > PATIENCE


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of the page; ``old`` and ``new`` in words."""

    sheet: str
    cell: str
    effect: ImportEffect
    label: str = ""
    code: str = ""
    period: str = ""
    place: str = ""
    new: str = ""
    old: str = ""
    confidence: str = ""
    percent: int = 100
    reason: str = ""
    doubts: Sequence[str] = ()
    is_undone: bool = False


def shown_row(row: PlanRow) -> ShownRow:
    """Return a row of a plan in words."""
    if row.indicator is None:
        return ShownRow(row.sheet, row.cell, row.effect, reason=row.reason)
    is_replaced = row.effect is ImportEffect.CHANGED or row.is_locked
    return ShownRow(
        row.sheet,
        row.cell,
        row.effect,
        label=row.indicator.label,
        code=row.indicator.code,
        period=row.period_label,
        place=row.place.label or WHOLE_LABEL,
        new=row.new_words,
        old=row.old_words if is_replaced else "",
        confidence=row.confidence_words,
        percent=round(row.confidence * 100),
        reason=row.reason,
        doubts=row.doubts,
        is_undone=row.is_undone,
    )


@dataclass
class SheetRows:
    """The rows of one sheet, on the page."""

    name: str
    rows: list[ShownRow]


def by_sheet(rows: Iterable[PlanRow]) -> list[SheetRows]:
    """Group rows by sheet, in the order of the file."""
    found: dict[str, SheetRows] = {}
    for row in rows:
        found.setdefault(row.sheet, SheetRows(row.sheet, [])).rows.append(shown_row(row))
    return list(found.values())


def filtered(plan: Plan, effect: str, sheet: str, *, doubtful: bool) -> list[PlanRow]:
    """Return the rows that answer the filters: sheet after sheet, what is to be mended first."""
    order = {item: rank for rank, item in enumerate(ImportEffect)}
    sheets = {name: rank for rank, name in enumerate(sheets_of(plan))}
    rows = [
        row
        for row in plan.everything
        if (not effect or row.effect == effect)
        and (not sheet or row.sheet == sheet)
        and (not doubtful or row.doubts or row.confidence < SURE)
    ]
    return sorted(rows, key=lambda row: (sheets[row.sheet], order[row.effect], row.rank))


def sheets_of(plan: Plan) -> list[str]:
    """Return the names of the sheets, in the order of the file."""
    return list(dict.fromkeys(row.sheet for row in plan.everything))


def effect_counts(plan: Plan) -> list[tuple[ImportEffect, int]]:
    """Return how many rows have each effect, those without any left out."""
    return [(effect, plan.counts[effect]) for effect in ImportEffect if plan.counts[effect]]


def done_plan(imported: MeasureImport) -> Plan:
    """Return what an applied import did, as a plan to show: what it did not write is left out.

    Once undone, each row says whether it was given back. 4 queries.
    """
    if "effects" not in imported.reading:
        return Plan(_rows_written(imported))
    kept = {tuple(key) for key in imported.reading.get("kept_keys", ())}
    done = {int(rank): (effect, old) for rank, effect, old in imported.reading["effects"]}
    plan = plan_now(imported, None)
    for row in plan.rows:
        row.doubts, row.is_locked, row.old = (), False, None
        if row.rank in done:
            effect, row.was = done[row.rank]
            row.effect = ImportEffect.CHANGED if row.was else ImportEffect(effect)
            row.is_undone = imported.state == ImportState.UNDONE and row.key not in kept
        elif row.effect is not ImportEffect.UNCHANGED:
            row.effect = ImportEffect.LEFT_OUT
    for row in plan.left:
        row.effect = ImportEffect.LEFT_OUT
    return plan


def _rows_written(imported: MeasureImport) -> list[PlanRow]:
    """Return the figures that still come from a file that was recorded without being read here."""
    rows = Measure.objects.filter(imported=imported).select_related("indicator", "service", "site")
    return [
        PlanRow(
            rank,
            row.sheet,
            row.cell,
            ImportEffect.ADDED,
            "",
            _known_indicator(row.indicator),
            row.period,
            Place(row.place_label, row.service_id, row.site_id),
            MeasureStatus(row.status),
            row.value,
            row.numerator,
            row.denominator,
        )
        for rank, row in enumerate(rows.order_by("pk"))
    ]


# --- What was understood without being sure ---------------------------------------------------
_UNDERSTOOD = re.compile(r"« (.{1,160}?) » compris comme « ")


@dataclass(slots=True)
class UnderstoodLabel:
    """A label read as an indicator by its likeness; ``key`` is that of the answer that corrects it."""

    label: str
    key: str
    code: str
    confidence: float
    count: int = 0

    @property
    def words(self) -> str:
        return f"{confidence_in_words(self.confidence)} ({round(self.confidence * 100)} %)"


def understood_labels(imported: MeasureImport) -> list[UnderstoodLabel]:
    """Return the labels that another indicator might be meant by, the least sure first."""
    found: dict[str, UnderstoodLabel] = {}
    for figure in imported.reading.get("figures", ()):
        read = ReadFigure(*figure)
        said = _UNDERSTOOD.search(read.reason)
        if said is None:
            continue
        key = f"indicator:{same_label(said[1])}"
        label = found.setdefault(
            key, UnderstoodLabel(said[1], key, read.indicator, read.confidence)
        )
        label.count += 1
    return sorted(found.values(), key=lambda item: item.confidence)
