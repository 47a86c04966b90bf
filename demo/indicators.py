"""The indicators of the demo: figures, targets and commentaries of Loir-et-Cher, published values."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Prefecture, User
from accounts.scopes import scope_of
from accounts.services import create_prefecture, create_service
from action_plans.services.effects import refresh_effects
from action_plans.services.signals import add_measure, add_origin
from common.spreadsheets import write_table
from demo import content_indicators as content
from demo import content_published as published
from demo.content_published import PublishedFact
from demo.indicator_series import SeriesFacts, part_of
from indicators.enums import FigureOrigin, ImportState, MeasureStatus, TargetKind
from indicators.models import (
    Commentary,
    Indicator,
    Measure,
    MeasureImport,
    NationalValue,
    RememberedLabel,
    Target,
)
from indicators.reading.periods import Period
from indicators.references import ORIGIN
from indicators.services.measures import MeasureRow, record_measures
from indicators.services.targets import add_target
from indicators.services.validation import publish_measures, validate_measures
from modules.services.files import store_file


# Keys of a service and of a site, one at most.
Place = tuple[int | None, int | None]


def build_indicators(*, prefecture: Prefecture, by: User) -> None:
    """Build three years and a half of figures for Loir-et-Cher; the référentiels are loaded already."""
    indicators = _indicators()
    places = _places(prefecture)
    for facts in content.TARGETS:
        _build_targets(prefecture, indicators[facts.code], facts)
    rows = {
        code: [
            row
            for facts in content.SERIES
            if facts.code == code
            for row in _rows(facts, indicators, places)
        ]
        for code in dict.fromkeys(facts.code for facts in content.SERIES)
    }
    _build_from_workbook(prefecture, rows.pop(content.WORKBOOK_CODE), by)
    typed = [row for some in rows.values() for row in some]
    record_measures(prefecture=prefecture, rows=typed, by=by, origin=FigureOrigin.HAND)
    _build_published(prefecture, by)
    _publish(prefecture, by, content.PUBLISHED_UNTIL)
    validate_measures(
        prefecture=prefecture, measure_ids=_ended(prefecture, content.VALIDATED_UNTIL), by=by
    )
    for said in content.COMMENTARIES:
        Commentary.objects.create(
            prefecture=prefecture,
            indicator=indicators[said.code],
            period=said.period,
            comment=said.comment,
            answer=said.answer,
            written_by=by,
        )


def build_published(*, by: User) -> list[Prefecture]:
    """Build the préfectures that published values, those values, and the national ones.

    A préfecture that is there already under its own address is left alone.
    """
    indicators = _indicators()
    built = []
    codes = [facts.code for facts in published.PREFECTURES]
    taken = set(Prefecture.objects.filter(code__in=codes).values_list("code", flat=True))
    for facts in published.PREFECTURES:
        if facts.code in taken:
            continue
        prefecture = create_prefecture(
            values={
                "code": facts.code,
                "slug": facts.slug,
                "name": facts.name,
                "of_name": facts.of_name,
                "territory": facts.territory,
                "brand_block": f"Préfet\n{facts.of_name}",
            }
        )
        for name in facts.services:
            create_service(prefecture=prefecture, name=name, acronym="")
        _build_published(prefecture)
        _publish(prefecture, by)
        built.append(prefecture)
    for fact in published.NATIONAL:
        period = Period.from_code(fact.period)
        NationalValue.objects.get_or_create(
            indicator=indicators[fact.code],
            period=period.code,
            removed_at=None,
            defaults={
                "starts_on": period.start,
                "ends_on": period.end,
                "value": Decimal(fact.value),
                "source": fact.source,
            },
        )
    return built


def link_actions(*, prefecture: Prefecture, by: User) -> None:
    """Tie the actions on appointments to the figures that called for them and that measure them."""
    scope = scope_of(by, today=timezone.localdate())
    for action in prefecture.actions.filter(title__in=content.APPOINTMENT_ACTIONS).order_by("pk"):
        add_origin(action=action, source=ORIGIN, reference=content.WEAK_POINT, scope=scope)
    before = prefecture.measures.get(
        indicator__code=content.WORKBOOK_CODE, period=content.BASELINE_PERIOD
    )
    add_measure(
        action=prefecture.actions.get(title=content.MEASURED_ACTION),
        values={
            "baseline": before.value,
            "baseline_on": before.ends_on,
            "baseline_source": content.SAMPLE,
            "target": Decimal(45),
        },
        scope=scope,
        source=ORIGIN,
        reference=content.WORKBOOK_CODE,
    )
    refresh_effects(prefecture=prefecture)


def remove_indicators(prefectures: QuerySet[Prefecture]) -> None:
    """Remove the figures of these préfectures, and the national values that the demo brought."""
    Measure.objects.filter(prefecture__in=prefectures).delete()
    for model in (MeasureImport, RememberedLabel, Commentary, Target):
        model._default_manager.filter(prefecture__in=prefectures).delete()
    for fact in published.NATIONAL:
        NationalValue.objects.filter(
            indicator__code=fact.code, period=fact.period, source=fact.source
        ).delete()


# --- Inside -----------------------------------------------------------------------------------
def _indicators() -> dict[str, Indicator]:
    return {item.code: item for item in Indicator.objects.order_by("pk")}


def _places(prefecture: Prefecture) -> dict[str, Place]:
    """Return the keys by acronym of service, name of service and name of site."""
    found: dict[str, Place] = {"": (None, None)}
    for service in prefecture.services.order_by("pk"):
        found[service.acronym or service.name] = (service.pk, None)
    for site in prefecture.sites.order_by("pk"):
        found[site.name] = (None, site.pk)
    return found


def _build_targets(
    prefecture: Prefecture, indicator: Indicator, facts: content.TargetFacts
) -> None:
    for kind, value in ((TargetKind.TARGET, facts.target), (TargetKind.ALERT, facts.alert)):
        if value:
            values = {
                "kind": kind,
                "value": Decimal(value),
                "starts_on": content.TARGETS_SINCE,
                "source": content.SAMPLE_TARGET,
            }
            add_target(indicator=indicator, prefecture=prefecture, values=values)


def _rows(
    facts: SeriesFacts, indicators: dict[str, Indicator], places: dict[str, Place]
) -> list[MeasureRow]:
    return [_row(facts, period, indicators, places) for period in facts.periods()]


def _row(
    facts: SeriesFacts,
    period: Period,
    indicators: dict[str, Indicator],
    places: dict[str, Place],
) -> MeasureRow:
    def falls(months: Iterable[str]) -> str:
        """Return the first of the months that the period holds."""
        return next((code for code in months if period.contains(Period.from_code(code))), "")

    idle, absent = falls(facts.idle), falls(facts.absent)
    status = MeasureStatus.MEASURED
    if idle or absent:
        status = MeasureStatus.NOT_APPLICABLE if idle else MeasureStatus.NOT_MEASURED
    is_measured = status == MeasureStatus.MEASURED
    part = part_of(facts, period)
    is_count = part.denominator is None
    return MeasureRow(
        indicator_id=indicators[facts.code].pk,
        period=period.code,
        starts_on=period.start,
        ends_on=period.end,
        status=status,
        value=part.numerator if is_measured and is_count else None,
        numerator=None if is_count or not is_measured else part.numerator,
        denominator=part.denominator if is_measured else None,
        comment=facts.reasons.get(idle or absent, ""),
        source_note=content.SAMPLE,
        is_sample=True,
        service_id=places[facts.place][0],
        site_id=places[facts.place][1],
    )


def _build_from_workbook(prefecture: Prefecture, rows: list[MeasureRow], by: User) -> None:
    """Keep a workbook and read its figures from it: each one knows its cell."""
    headers = ("Période", "Total des jours", "Rendez-vous proposés", "Délai moyen (jours)")
    lines = [(row.period, *_cells(row)) for row in rows]
    data = write_table(content.WORKBOOK_SHEET, headers, lines, "ods")
    stored = store_file(
        prefecture=prefecture,
        upload=SimpleUploadedFile(content.WORKBOOK, data),
        name=content.WORKBOOK_NAME,
        by=by,
    )
    imported = MeasureImport.objects.create(
        prefecture=prefecture,
        file_name=content.WORKBOOK,
        stored=stored,
        sha256=stored.sha256,
        state=ImportState.APPLIED,
        read_by=by,
        applied_by=by,
        applied_at=timezone.now(),
    )
    located = [
        replace(row, sheet=content.WORKBOOK_SHEET, cell=f"D{line}")
        for line, row in enumerate(rows, start=2)
    ]
    done = record_measures(
        prefecture=prefecture,
        rows=located,
        by=by,
        origin=FigureOrigin.FILE,
        imported=imported,
    )
    imported.changes = done.changes
    imported.save(update_fields=["changes"])


def _cells(row: MeasureRow) -> tuple[float | str, ...]:
    if row.numerator is None or row.denominator is None:
        return ("", "", "sans objet")
    mean = row.numerator / row.denominator
    return (float(row.numerator), float(row.denominator), round(float(mean), 6))


def _build_published(prefecture: Prefecture, by: User | None = None) -> None:
    indicators, places = _indicators(), _places(prefecture)
    facts = [fact for fact in published.PUBLISHED if fact.prefecture == prefecture.slug]
    rows = [_published_row(fact, indicators, places) for fact in facts]
    record_measures(prefecture=prefecture, rows=rows, by=by, origin=FigureOrigin.HAND)


def _published_row(
    fact: PublishedFact, indicators: dict[str, Indicator], places: dict[str, Place]
) -> MeasureRow:
    period = Period.from_code(fact.period)
    return MeasureRow(
        indicator_id=indicators[fact.code].pk,
        period=period.code,
        starts_on=period.start,
        ends_on=period.end,
        value=Decimal(fact.value),
        comment=fact.comment,
        source_note=fact.source,
        service_id=places[fact.place][0],
        site_id=places[fact.place][1],
    )


def _publish(prefecture: Prefecture, by: User, until: date = date.max) -> None:
    """Validate and publish the figures of the periods that ended by a day."""
    ids = _ended(prefecture, until)
    validate_measures(prefecture=prefecture, measure_ids=ids, by=by)
    publish_measures(prefecture=prefecture, measure_ids=ids, by=by)


def _ended(prefecture: Prefecture, until: date) -> list[int]:
    rows = Measure.objects.filter(prefecture=prefecture, ends_on__lte=until)
    return list(rows.order_by("pk").values_list("pk", flat=True))
